import { convexOperation } from "tabweave/convex";
import { api } from "../../convex/_generated/api.js";
import type { Id } from "../../convex/_generated/dataModel.js";
import { interactions } from "./interactions.js";

/** Until the server has given it an id, the new scene is listed under the id of the operation. */
export const createInteraction = convexOperation(api.interactions.create, {
  optimistic: (tx, { campaignId, name, participants }) =>
    tx.insert(interactions, {
      _id: tx.id as Id<"interactions">,
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
