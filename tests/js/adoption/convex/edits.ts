import { v } from "convex/values";
import { checkBase, once } from "tabweave/convex/server";
import { mutation } from "./_generated/server";
import schema from "./schema";

export const editTask = once(mutation)({
  args: { base: schema.doc("tasks"), next: schema.doc("tasks") },
  handler: async (ctx, { base, next }) => {
    const task = checkBase(ctx, await ctx.db.get(base._id), base);
    await ctx.db.replace(task._id, next);
  },
});

/** Writes one field, and so compares and is sent no other. */
export const setText = once(mutation)({
  args: { id: v.id("tasks"), base: schema.doc("tasks").pick("text"), text: v.string() },
  handler: async (ctx, { id, base, text }) => {
    checkBase(ctx, await ctx.db.get(id), base, { fields: ["text"] });
    await ctx.db.patch(id, { text });
  },
});
