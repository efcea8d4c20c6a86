import { convexEdit } from "tabweave/convex";
import { api } from "../convex/_generated/api";
import { tasks } from "./tabweave";

export const editTask = convexEdit(api.edits.editTask, {
  document: tasks,
  args: ({ base, next }) => ({ base, next }),
});
