import { convexOperation } from "tabweave/convex";
import { api } from "../../convex/_generated/api.js";
import { interactions } from "./interactions.js";

/** Until the server has given it an id, the new scene has a placeholder, under which it can be changed already. */
export const createInteraction = convexOperation(api.interactions.create, {
  optimistic: (tx, { campaignId, name, participants }) =>
    tx.insert(interactions, {
      _creationTime: tx.now,
      campaignId,
      name,
      status: "planned",
      round: 1,
      turnIndex: 0,
      participants: participants ?? [],
      note: "",
      revision: 0,
      updatedAt: tx.now,
    }),
});
