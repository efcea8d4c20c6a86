import { convexOperation } from "tabweave/convex";
import { api } from "../../convex/_generated/api.js";
import { interactions, nextTurn } from "./interactions.js";

export const advanceTurn = convexOperation(api.interactions.advanceTurn, {
  optimistic: (tx, { id }) => tx.update(interactions, id, (scene) => ({ ...scene, ...nextTurn(scene) })),
});
