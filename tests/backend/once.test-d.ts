// What the types of `tabweave/convex/server` promise to an app.
import {
  type ApiFromModules,
  type DataModelFromSchemaDefinition,
  type Expand,
  type FilterApi,
  type FunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
  type GenericMutationCtx,
  internalMutationGeneric,
  type MutationBuilder,
  mutationGeneric,
  queryGeneric,
  type RegisteredMutation,
} from "convex/server";
import { type GenericId, type ObjectType, type PropertyValidators, type Value, v } from "convex/values";
import { type Closed, close, once, outcomes, pruneOutcomes } from "tabweave/convex/server";
import { expectTypeOf, test } from "vitest";
import type { api as demo } from "../../www/convex/_generated/api.js";
import type schema from "./functions/schema.js";

type DataModel = DataModelFromSchemaDefinition<typeof schema>;
const mutation = mutationGeneric as MutationBuilder<DataModel, "public">;
const internalMutation = internalMutationGeneric as MutationBuilder<DataModel, "internal">;
const onceMutation = once(mutation);

/** A builder with a context and an argument of its own. */
declare const withSession: <Args extends PropertyValidators, Returns>(definition: {
  args: Args;
  handler: (ctx: GenericMutationCtx<DataModel> & { session: string }, args: ObjectType<Args>) => Returns;
}) => RegisteredMutation<"public", Expand<ObjectType<Args> & { sessionId: string }>, Returns>;

const things = {
  rename: onceMutation({
    args: { id: v.id("entries"), text: v.optional(v.string()) },
    handler: async (ctx, args) => {
      expectTypeOf(args).toEqualTypeOf<{ id: GenericId<"entries">; text?: string }>();
      const entry = await ctx.db.get(args.id);
      expectTypeOf(entry!.count).toEqualTypeOf<bigint>();
      return entry!.count;
    },
  }),
  validated: onceMutation({
    args: v.object({ text: v.string() }),
    returns: v.object({ length: v.number() }),
    handler: async (_ctx, { text }) => ({ length: text.length }),
  }),
  empty: onceMutation({ args: {}, handler: async () => "done" as const }),
  unvalidated: onceMutation({ handler: async () => 1 }),
  bare: onceMutation(async (_ctx, args: { amount: bigint }) => args.amount),
  bareEmpty: onceMutation(async () => 1),
  custom: once(withSession)({
    args: { text: v.string() },
    handler: async (ctx, { text }) => {
      expectTypeOf(ctx.session).toEqualTypeOf<string>();
      return text;
    },
  }),
  hidden: once(internalMutation)({ args: {}, handler: async () => null }),
  close,
  outcomes,
  pruneOutcomes,
};

type Things = ApiFromModules<{ things: typeof things }>["things"];
type Public = FilterApi<Things, FunctionReference<"mutation" | "query", "public">>;
type Key = { idempotencyKey?: string };

test("callers may give a key, handlers do not see it", () => {
  expectTypeOf<FunctionArgs<Things["rename"]>>().toEqualTypeOf<{
    id: GenericId<"entries">;
    text?: string;
    idempotencyKey?: string;
  }>();
  expectTypeOf<FunctionArgs<Things["validated"]>>().toEqualTypeOf<{
    text: string;
    idempotencyKey?: string;
  }>();
  expectTypeOf<FunctionArgs<Things["empty"]>>().toEqualTypeOf<Key>();
  expectTypeOf<FunctionArgs<Things["unvalidated"]>>().toEqualTypeOf<Key>();
  expectTypeOf<FunctionArgs<Things["bare"]>>().toEqualTypeOf<{ amount: bigint; idempotencyKey?: string }>();
  expectTypeOf<FunctionArgs<Things["bareEmpty"]>>().toEqualTypeOf<Key>();
  expectTypeOf<FunctionArgs<Things["custom"]>>().toEqualTypeOf<{
    text: string;
    sessionId: string;
    idempotencyKey?: string;
  }>();
});

test("results and visibility stay", () => {
  expectTypeOf<FunctionReturnType<Things["rename"]>>().toEqualTypeOf<bigint>();
  expectTypeOf<FunctionReturnType<Things["validated"]>>().toEqualTypeOf<{ length: number }>();
  expectTypeOf<FunctionReturnType<Things["bare"]>>().toEqualTypeOf<bigint>();
  expectTypeOf<Public>().toHaveProperty("rename");
  expectTypeOf<Public>().not.toHaveProperty("hidden");
  expectTypeOf<Public>().toHaveProperty("close");
  expectTypeOf<Public>().not.toHaveProperty("pruneOutcomes");
  expectTypeOf<FunctionArgs<Things["pruneOutcomes"]>>().toEqualTypeOf<{ path?: string }>();
});

test("what does not fit is refused", () => {
  // @ts-expect-error A query has no effect to have once.
  once(queryGeneric);
  // @ts-expect-error The result is not what `returns` says.
  onceMutation({ args: {}, returns: v.string(), handler: async () => 1 });
  // @ts-expect-error The handler asks for an argument that nobody declared.
  onceMutation({ args: { text: v.string() }, handler: async (_ctx, { other }) => other });
  // @ts-expect-error There is no such table.
  onceMutation({ args: {}, handler: async (ctx) => await ctx.db.query("nothing").collect() });
});

test("outcomes, close and their table have no hidden any", () => {
  expectTypeOf<FunctionArgs<Things["close"]>>().toEqualTypeOf<{ key: string }>();
  expectTypeOf<FunctionReturnType<Things["close"]>>().toEqualTypeOf<Closed>();
  expectTypeOf<FunctionArgs<Things["outcomes"]>>().toEqualTypeOf<{ keys: string[] }>();
  expectTypeOf<FunctionReturnType<Things["outcomes"]>>().toEqualTypeOf<{ key: string; result: unknown }[]>();
  type Outcome = DataModel["tabweaveOutcomes"]["document"];
  expectTypeOf<Outcome["result"]>().toEqualTypeOf<Value>();
  expectTypeOf<Outcome["identity"]>().toEqualTypeOf<string | null>();
  expectTypeOf<DataModel["tabweaveOutcomes"]["indexes"]["by_key"]>().toEqualTypeOf<
    ["key", "_creationTime"]
  >();
});

test("the demo's mutations take a key, all but the one that shows what happens without", () => {
  expectTypeOf<FunctionArgs<typeof demo.interactions.changeStatus>>().toHaveProperty("idempotencyKey");
  expectTypeOf<FunctionArgs<typeof demo.interactions.cheer>>().not.toHaveProperty("idempotencyKey");
});
