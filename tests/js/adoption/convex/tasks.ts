import { v } from "convex/values";
import { once } from "tabweave/convex/server";
import { mutation, query } from "./_generated/server";

export const list = query({
  args: { list: v.string() },
  handler: (ctx, { list }) =>
    ctx.db
      .query("tasks")
      .withIndex("by_list", (range) => range.eq("list", list))
      .collect(),
});

export const add = once(mutation)({
  args: { list: v.string(), text: v.string() },
  handler: (ctx, { list, text }) => ctx.db.insert("tasks", { list, text, done: false }),
});

export const setDone = once(mutation)({
  args: { id: v.id("tasks"), done: v.boolean() },
  handler: (ctx, { id, done }) => ctx.db.patch(id, { done }),
});
