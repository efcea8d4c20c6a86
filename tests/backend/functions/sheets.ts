// Documents that several people edit.
import {
  type DataModelFromSchemaDefinition,
  type MutationBuilder,
  mutationGeneric,
  type QueryBuilder,
  queryGeneric,
} from "convex/server";
import { v } from "convex/values";
import { checkBase, once } from "tabweave/convex/server";
import schema from "./schema.js";

type DataModel = DataModelFromSchemaDefinition<typeof schema>;
const query = queryGeneric as QueryBuilder<DataModel, "public">;
const mutation = mutationGeneric as MutationBuilder<DataModel, "public">;

export const get = query({
  args: { id: v.id("sheets") },
  handler: async (ctx, { id }) => await ctx.db.get(id),
});

export const add = mutation({
  args: { title: v.string(), cell: v.optional(v.any()) },
  handler: async (ctx, sheet) => await ctx.db.insert("sheets", sheet),
});

export const edit = once(mutation)({
  args: { base: schema.doc("sheets"), next: schema.doc("sheets") },
  handler: async (ctx, { base, next }) => {
    // Written first, to see that a conflict takes it back.
    await ctx.db.insert("entries", { text: next.title, count: 0n });
    const sheet = checkBase(ctx, await ctx.db.get(base._id), base);
    await ctx.db.replace(sheet._id, next);
  },
});

export const retitle = once(mutation)({
  args: { id: v.id("sheets"), base: schema.doc("sheets").pick("title"), title: v.string() },
  handler: async (ctx, { id, base, title }) => {
    const sheet = checkBase(ctx, await ctx.db.get(id), base, { fields: ["title"] });
    await ctx.db.patch(sheet._id, { title });
  },
});

export const remove = mutation({
  args: { id: v.id("sheets") },
  handler: async (ctx, { id }) => await ctx.db.delete(id),
});
