import { convexEdit } from "tabweave/convex";
import { api } from "../../convex/_generated/api.js";
import { interactions } from "./interactions.js";

/** An edit, not an intent: it is recorded with the scene as the person saw it. */
export const editNote = convexEdit(api.interactions.editNote, {
  document: interactions,
  args: ({ base, next }) => ({ id: base._id, note: next.note, revision: base.revision }),
});
