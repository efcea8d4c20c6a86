// What the demo's functions do not have: actions, schedules, pages, identities, large numbers and bytes.
import {
  type ActionBuilder,
  actionGeneric,
  type DataModelFromSchemaDefinition,
  internalMutationGeneric,
  type MutationBuilder,
  makeFunctionReference,
  mutationGeneric,
  paginationOptsValidator,
  type QueryBuilder,
  queryGeneric,
} from "convex/server";
import { ConvexError, v } from "convex/values";
import { once } from "tabweave/convex/server";
import type schema from "./schema.js";

type DataModel = DataModelFromSchemaDefinition<typeof schema>;
const query = queryGeneric as QueryBuilder<DataModel, "public">;
const mutation = mutationGeneric as MutationBuilder<DataModel, "public">;
const internalMutation = internalMutationGeneric as MutationBuilder<DataModel, "internal">;
const action = actionGeneric as ActionBuilder<DataModel, "public">;

const written = makeFunctionReference<"mutation", { text: string }>("entries:write");

export const list = query({
  args: {},
  handler: async (ctx) =>
    (await ctx.db.query("entries").withIndex("by_text").collect()).map(({ text }) => text),
});

export const page = query({
  args: { paginationOpts: paginationOptsValidator },
  handler: async (ctx, { paginationOpts }) =>
    await ctx.db.query("entries").withIndex("by_text").paginate(paginationOpts),
});

export const whoAmI = query({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.tokenIdentifier ?? null,
});

export const write = mutation({
  args: { text: v.string() },
  returns: v.id("entries"),
  handler: async (ctx, { text }) => await ctx.db.insert("entries", { text, count: 0n }),
});

export const remove = mutation({
  args: { id: v.id("entries") },
  handler: async (ctx, { id }) => await ctx.db.delete(id),
});

export const add = once(mutation)({
  args: { text: v.string(), count: v.optional(v.int64()), bytes: v.optional(v.bytes()) },
  returns: v.object({ count: v.int64() }),
  handler: async (ctx, { text, count = 1n, bytes }) => {
    await ctx.db.insert("entries", bytes === undefined ? { text, count } : { text, count, bytes });
    return { count };
  },
});

export const refuse = mutation({
  args: { amount: v.int64() },
  handler: async (ctx, { amount }) => {
    await ctx.db.insert("entries", { text: "never seen", count: amount });
    throw new ConvexError({ code: "too_much", amount, list: [1, null, "two"] });
  },
});

export const secret = internalMutation({ args: {}, handler: async () => "for nobody" });

export const writeLater = mutation({
  args: { text: v.string() },
  handler: async (ctx, { text }) => void (await ctx.scheduler.runAfter(0, written, { text })),
});

export const writeTwice = action({
  args: { text: v.string() },
  handler: async (ctx, { text }) => {
    await ctx.runMutation(written, { text: `${text} 1` });
    await ctx.runMutation(written, { text: `${text} 2` });
    return "written";
  },
});
