// `once` around every kind of builder and definition, run by convex-test.
import {
  type FunctionReference,
  internalMutationGeneric,
  makeFunctionReference,
  mutationGeneric,
} from "convex/server";
import { ConvexError, type GenericId, v } from "convex/values";
import { convexTest } from "convex-test";
import { IDEMPOTENCY_KEY_LENGTH_MAX, once, outcomes } from "tabweave/convex/server";
import { describe, expect, onTestFinished, test } from "vitest";
import { rejection } from "./campaign.js";
import schema from "./functions/schema.js";

/** What the handlers were given, run by run. */
const runs: { args: Record<string, unknown> }[] = [];

/** A builder as an app would write one: it takes an argument of its own and hands on something new. */
function withSession<Args, Returns>(definition: {
  args: Args;
  handler: (ctx: never, args: never) => Promise<Returns>;
}) {
  return mutationGeneric({
    args: { ...(definition.args as object), session: v.string() },
    handler: async (ctx, { session, ...args }: Record<string, unknown>) =>
      await definition.handler(
        { ...ctx, session } as never,
        { ...args, openedAt: Math.random(), ask: () => session } as never,
      ),
  });
}

const recorded = async (_ctx: unknown, args: Record<string, unknown>) => {
  runs.push({ args });
  return runs.length;
};

const things = {
  plain: once(mutationGeneric)({
    args: { text: v.string(), count: v.optional(v.int64()), bytes: v.optional(v.bytes()) },
    handler: recorded,
  }),
  nested: once(mutationGeneric)({ args: { tree: v.any() }, handler: recorded }),
  object: once(mutationGeneric)({
    args: v.object({ text: v.string() }),
    returns: v.number(),
    handler: recorded,
  }),
  anything: once(mutationGeneric)({ args: v.any(), handler: recorded }),
  bare: once(mutationGeneric)(recorded),
  unvalidated: once(mutationGeneric)({ handler: recorded }),
  internal: once(internalMutationGeneric)({ args: {}, handler: recorded }),
  custom: once(withSession)({ args: { text: v.string() }, handler: recorded as never }),
  nothing: once(mutationGeneric)({
    args: {},
    returns: v.null(),
    handler: async () => void runs.push({ args: {} }),
  }),
  wrong: once(mutationGeneric)({ args: {}, returns: v.string(), handler: recorded as never }),
  document: once(mutationGeneric)({
    args: {},
    handler: async () => ({
      _id: "1" as GenericId<"entries">,
      big: 2n ** 62n,
      bytes: new ArrayBuffer(2),
      list: [null],
    }),
  }),
  outcomes,
};

type Mutation = FunctionReference<"mutation", "public", Record<string, unknown>, unknown>;

function setUp() {
  runs.length = 0;
  const t = convexTest({
    schema,
    modules: { "./_generated/api.js": async () => ({}), "./things.js": async () => things },
  });
  const call = async (name: keyof typeof things, args: Record<string, unknown>) =>
    await t.mutation(makeFunctionReference<"mutation">(`things:${name}`) as Mutation, args);
  return { t, call };
}

/** Everything that functions ask of the database from now on. */
function syscalls(): [name: string, args: unknown][] {
  const asked: [string, unknown][] = [];
  type Syscall = (name: string, args: string) => unknown;
  const place = globalThis as unknown as {
    Convex: Record<"syscall" | "asyncSyscall" | "jsSyscall", Syscall>;
  };
  const { Convex: inner } = place;
  const told = (kind: "syscall" | "asyncSyscall") => ({
    get: (): Syscall => {
      // Looked up as late as this, for it is another one in each transaction.
      const call = inner[kind];
      return (name, args) => {
        asked.push([name, JSON.parse(args)]);
        return call(name, args);
      };
    },
  });
  place.Convex = Object.create(inner, { syscall: told("syscall"), asyncSyscall: told("asyncSyscall") });
  onTestFinished(() => {
    place.Convex = inner;
  });
  return asked;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await rejection(promise);
  expect(error).toBeInstanceOf(ConvexError);
  return (error as ConvexError<{ code: string }>).data.code;
}

describe("with a key", () => {
  test.each([
    ["plain", { text: "a" }],
    ["object", { text: "a" }],
    ["anything", { text: "a" }],
    ["bare", { text: "a" }],
    ["unvalidated", { text: "a" }],
    ["internal", {}],
    ["custom", { text: "a", session: "s" }],
  ] as const)("%s runs once and never sees the key", async (name, args) => {
    const { call } = setUp();
    const first = await call(name, { ...args, idempotencyKey: "k" });
    expect(first).toBe(1);
    expect(await call(name, { ...args, idempotencyKey: "k" })).toBe(1);
    expect(runs).toHaveLength(1);
    expect(runs[0]?.args).not.toHaveProperty("idempotencyKey");
    expect(await call(name, { ...args, idempotencyKey: "another" })).toBe(2);
  });

  test("nothing returned is null for the repeat too", async () => {
    const { call } = setUp();
    expect(await call("nothing", { idempotencyKey: "k" })).toBeNull();
    expect(await call("nothing", { idempotencyKey: "k" })).toBeNull();
    expect(runs).toHaveLength(1);
  });

  test("a result comes back as it was, whatever is in it", async () => {
    const { call } = setUp();
    const first = await call("document", { idempotencyKey: "k" });
    expect(await call("document", { idempotencyKey: "k" })).toEqual(first);
    expect(first).toMatchObject({ big: 2n ** 62n, list: [null] });
  });

  test("the record is what the schema says", async () => {
    const { t, call } = setUp();
    await call("plain", { text: "a", idempotencyKey: "k" });
    const records = await t.run(async (ctx) => await ctx.db.query("tabweaveOutcomes").collect());
    expect(records).toEqual([
      expect.objectContaining({
        key: "k",
        identity: null,
        result: 1,
        argsHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        at: expect.closeTo(Date.now(), -5),
      }),
    ]);
  });
});

describe("arguments", () => {
  test("are equal whatever the order of their fields", async () => {
    const { call } = setUp();
    await call("nested", { tree: { a: 1, b: [{ c: 2n, d: null }] }, idempotencyKey: "k" });
    expect(await call("nested", { idempotencyKey: "k", tree: { b: [{ d: null, c: 2n }], a: 1 } })).toBe(1);
  });

  test.each([
    [{ tree: 1 }, { tree: 1n }],
    [{ tree: 0 }, { tree: -0 }],
    [{ tree: [1, 2] }, { tree: [2, 1] }],
    [{ tree: "1" }, { tree: 1 }],
    [{ tree: new Uint8Array([1]).buffer }, { tree: new Uint8Array([2]).buffer }],
    [{ tree: { a: null } }, { tree: {} }],
    [{ tree: 2n ** 62n }, { tree: 2n ** 62n - 1n }],
  ])("%o and %o differ", async (one, other) => {
    const { call } = setUp();
    await call("nested", { ...one, idempotencyKey: "k" });
    expect(await codeOf(call("nested", { ...other, idempotencyKey: "k" }))).toBe("idempotency_key_reused");
    expect(runs).toHaveLength(1);
  });

  test("of a custom builder count as far as the mutation declared them", async () => {
    const { call } = setUp();
    await call("custom", { text: "a", session: "s", idempotencyKey: "k" });
    expect(await call("custom", { text: "a", session: "another", idempotencyKey: "k" })).toBe(1);
    expect(await codeOf(call("custom", { text: "b", session: "s", idempotencyKey: "k" }))).toBe(
      "idempotency_key_reused",
    );
  });
});

test("without a key it just runs, and leaves no record", async () => {
  const { t, call } = setUp();
  expect(await call("plain", { text: "a" })).toBe(1);
  expect(await call("plain", { text: "a" })).toBe(2);
  expect(await t.run(async (ctx) => await ctx.db.query("tabweaveOutcomes").collect())).toEqual([]);
});

test("a run reads and writes its own record and no other, so that it conflicts with no other key", async () => {
  const { call } = setUp();
  const asked = syscalls();
  await call("plain", { text: "a", idempotencyKey: "k" });
  const range = [{ type: "Eq", fieldPath: "key", value: "k" }];
  const reads = asked.filter(([name]) => /get|query$|queryStream$|queryPage|count/.test(name));
  expect(reads).toMatchObject([
    ["1.0/queryStream", { query: { source: { indexName: "tabweaveOutcomes.by_key", range } } }],
  ]);
  const writes = asked.filter(([name]) => /insert|shallowMerge|replace|remove|schedule/.test(name));
  expect(writes).toMatchObject([["1.0/insert", { table: "tabweaveOutcomes", value: { key: "k" } }]]);
});

test("validators of arguments and result stay", async () => {
  const { call } = setUp();
  expect(String(await rejection(call("object", { text: 1 })))).toMatch(/Validator error/);
  expect(String(await rejection(call("object", { text: "a", more: 1 })))).toMatch(/Unexpected field `more`/);
  expect(String(await rejection(call("wrong", {})))).toMatch(/Return value validation failed/);
});

test.each([
  ["empty", ""],
  ["no string", 7],
  ["long", "k".repeat(IDEMPOTENCY_KEY_LENGTH_MAX + 1)],
])("a key that is %s is refused", async (_, idempotencyKey) => {
  const { call } = setUp();
  expect(await codeOf(call("bare", { idempotencyKey }))).toBe("idempotency_key_invalid");
  expect(runs).toHaveLength(0);
});

test("definitions that cannot work are refused where they are made", () => {
  const taken = { args: { idempotencyKey: v.string() }, handler: recorded };
  expect(() => once(mutationGeneric)(taken)).toThrow(/remove it from the mutation's args/);
  const args = v.union(v.object({ a: v.string() }), v.object({ b: v.string() }));
  expect(() => once(mutationGeneric)({ args, handler: recorded })).toThrow(/not as v.union\(\)/);
});
