import { v } from "convex/values";
import { checkBase, once } from "tabweave/convex/server";
import { mutation } from "./_generated/server";
import schema from "./schema";

const task = v.object({
  ...schema.tables.tasks.validator.fields,
  _id: v.id("tasks"),
  _creationTime: v.number(),
});

export const editTask = once(mutation)({
  args: { base: task, next: task },
  handler: async (ctx, { base, next }) => {
    const held = checkBase(ctx, await ctx.db.get(base._id), base);
    await ctx.db.replace(held._id, next);
  },
});

/** Writes one field, and so compares and is sent no other. */
export const setText = once(mutation)({
  args: { id: v.id("tasks"), base: v.object({ text: v.string() }), text: v.string() },
  handler: async (ctx, { id, base, text }) => {
    checkBase(ctx, await ctx.db.get(id), base, { fields: ["text"] });
    await ctx.db.patch(id, { text });
  },
});
