import { ConvexReactClient } from "convex/react";
import { createTabweave } from "tabweave";
import { convexCollection, convexOperation, convexSource } from "tabweave/convex";
import { api } from "../convex/_generated/api";

export const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL, {
  unsavedChangesWarning: false,
});

export const tasks = convexCollection(api.tasks.list, { key: "_id" });

export const addTask = convexOperation(api.tasks.add, {
  optimistic: (tx, { list, text }) => tx.insert(tasks, { _creationTime: tx.now, list, text, done: false }),
});

export const setDone = convexOperation(api.tasks.setDone, {
  optimistic: (tx, { id, done }) => tx.update(tasks, id, { done }),
});

export const tabweave = createTabweave({
  source: convexSource(convex, { outcomes: api.tabweave.outcomes, close: api.tabweave.close }),
  operations: [addTask, setDone],
});
