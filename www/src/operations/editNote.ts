import { convexEdit } from "tabweave/convex";
import { mergePolicy } from "tabweave/merge";
import { textBoth } from "tabweave/text";
import { api } from "../../convex/_generated/api.js";
import { type Interaction, interactions } from "./interactions.js";

/** Two people who write at different places of a note both have their words; who wrote the same words is asked. */
const policy = mergePolicy<Interaction>({ rules: { note: textBoth } });

/** An edit, not an intent: it is recorded with the scene as the person saw it. */
export const editNote = convexEdit(api.interactions.editNote, {
  document: interactions,
  policy,
  args: ({ base, next }) => ({ id: base._id, note: next.note, base: { note: base.note } }),
});
