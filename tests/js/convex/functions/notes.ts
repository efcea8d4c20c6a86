import {
  type DataModelFromSchemaDefinition,
  type MutationBuilder,
  mutationGeneric,
  type QueryBuilder,
  queryGeneric,
} from "convex/server";
import { ConvexError, v } from "convex/values";
import { checkBase, once } from "tabweave/convex/server";
import schema from "./schema.js";

type DataModel = DataModelFromSchemaDefinition<typeof schema>;
const query = queryGeneric as QueryBuilder<DataModel, "public">;
const mutation = mutationGeneric as MutationBuilder<DataModel, "public">;

export const list = query({
  args: { list: v.string() },
  handler: async (ctx, args) => {
    if (args.list === "forbidden") throw new ConvexError({ code: "forbidden" });
    return await ctx.db
      .query("notes")
      .withIndex("by_list", (range) => range.eq("list", args.list))
      .collect();
  },
});

export const total = query({
  args: {},
  handler: async (ctx) => (await ctx.db.query("notes").collect()).length,
});

export const add = once(mutation)({
  args: { list: v.string(), text: v.string() },
  returns: v.id("notes"),
  handler: async (ctx, args) => await ctx.db.insert("notes", { ...args, count: 0n }),
});

/** Not wrapped: every run counts. */
export const count = mutation({
  args: { id: v.id("notes") },
  returns: v.int64(),
  handler: async (ctx, { id }) => {
    const note = await ctx.db.get(id);
    if (note === null) throw new ConvexError({ code: "gone" });
    await ctx.db.patch(id, { count: note.count + 1n });
    return note.count + 1n;
  },
});

export const edit = once(mutation)({
  args: { id: v.id("notes"), text: v.string() },
  handler: async (ctx, { id, text }) => await ctx.db.patch(id, { text }),
});

export const refuse = once(mutation)({
  args: { list: v.string() },
  handler: async (_ctx, { list }) => {
    throw new ConvexError({ code: "refused", list, limit: 5n });
  },
});

/** Refuses with whatever it is told to say. */
export const fail = mutation({
  args: { data: v.any() },
  handler: async (_ctx, { data }) => {
    throw data === null ? new Error("not on purpose") : new ConvexError(data);
  },
});

export const whoAmI = query({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null,
});

export const remove = mutation({
  args: { list: v.string() },
  handler: async (ctx, args) => {
    const found = await ctx.db
      .query("notes")
      .withIndex("by_list", (range) => range.eq("list", args.list))
      .collect();
    for (const { _id: id } of found) await ctx.db.delete(id);
  },
});

/** An edit of the whole note. */
export const replace = once(mutation)({
  args: { base: schema.doc("notes"), next: schema.doc("notes") },
  handler: async (ctx, { base, next }) => {
    const note = checkBase(ctx, await ctx.db.get(base._id), base);
    await ctx.db.replace(note._id, next);
  },
});
