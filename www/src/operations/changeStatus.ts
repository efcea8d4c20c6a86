import { convexOperation } from "tabweave/convex";
import { api } from "../../convex/_generated/api.js";
import { interactions } from "./interactions.js";

export const changeStatus = convexOperation(api.interactions.changeStatus, {
  optimistic: (tx, { id, status }) => tx.update(interactions, id, { status }),
});
