// Actions: what they do they do step by step, and their client may be gone in between.
import {
  type ActionBuilder,
  actionGeneric,
  type DataModelFromSchemaDefinition,
  makeFunctionReference,
} from "convex/server";
import { ConvexError, v } from "convex/values";
import type schema from "./schema.js";

const action = actionGeneric as ActionBuilder<DataModelFromSchemaDefinition<typeof schema>, "public">;

type Added = { list: string; text: string; idempotencyKey?: string };
const add = makeFunctionReference<"mutation", Added, string>("notes:add");
const list = makeFunctionReference<"query", { list: string }, unknown[]>("notes:list");

/** Notes that it has begun, waits until the list `held` is empty, and notes the text, once for the key. */
export const run = action({
  args: { text: v.string(), idempotencyKey: v.optional(v.string()) },
  handler: async (ctx, { text, idempotencyKey }) => {
    await ctx.runMutation(add, { list: "begun", text });
    while ((await ctx.runQuery(list, { list: "held" })).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const keyed = idempotencyKey === undefined ? {} : { idempotencyKey };
    await ctx.runMutation(add, { list: "done", text, ...keyed });
    return text.length;
  },
});

export const fail = action({
  args: { data: v.any() },
  handler: async (_ctx, { data }) => {
    throw data === null ? new Error("not on purpose") : new ConvexError(data);
  },
});
