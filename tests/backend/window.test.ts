// How long a key's record is kept, what happens to older keys, and how records are deleted; run by convex-test.
import { type FunctionReference, makeFunctionReference, mutationGeneric } from "convex/server";
import { ConvexError, v } from "convex/values";
import { convexTest } from "convex-test";
import { OUTCOMES_KEEP_MS, once, outcomes, PRUNE_RECORDS_MAX, pruneOutcomes } from "tabweave/convex/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readKey } from "../../pkg/src/convex/server/stamp.js";
import * as client from "../../pkg/src/convex/stamp.js";
import { rejection } from "./campaign.js";
import schema from "./functions/schema.js";

const { stampedKey } = client;
const ID = "0b9cd6a2-5d4c-4b7e-9f51-0d6f2a7c1e88";
const NOW = Date.UTC(2026, 0, 1);
const HOUR_MS = 60 * 60 * 1000;

let runs = 0;

const add = once(mutationGeneric)({
  args: { text: v.optional(v.string()) },
  handler: async (_ctx, { text }) => {
    runs += 1;
    return text ?? runs;
  },
});

type Add = FunctionReference<"mutation", "public", { text?: string; idempotencyKey: string }, unknown>;

function setUp() {
  const t = convexTest({
    schema,
    modules: {
      "./_generated/api.js": async () => ({}),
      "./things.js": async () => ({ add, outcomes }),
      "./tabweave.js": async () => ({ pruneOutcomes }),
      "./elsewhere.js": async () => ({ prune: pruneOutcomes }),
    },
  });
  const call = (idempotencyKey: string, text?: string) =>
    t.mutation(makeFunctionReference("things:add") as Add, {
      idempotencyKey,
      ...(text === undefined ? {} : { text }),
    });
  const keys = () =>
    t.run(async (ctx) => (await ctx.db.query("tabweaveOutcomes").collect()).map(({ key }) => key));
  const prune = async (path?: string) => {
    const reference = makeFunctionReference<"mutation">(path ?? "tabweave:pruneOutcomes");
    const removed = await t.mutation(reference, path === undefined ? {} : { path });
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    return removed;
  };
  return { t, call, keys, prune };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await rejection(promise);
  expect(error).toBeInstanceOf(ConvexError);
  return (error as ConvexError<{ code: string }>).data.code;
}

beforeEach(() => {
  runs = 0;
  vi.useFakeTimers({ now: NOW });
});

afterEach(() => {
  vi.useRealTimers();
});

test.each([
  [stampedKey(ID, NOW), { key: ID, firstAttemptMs: NOW }],
  [`${stampedKey(ID, NOW)}:charge`, { key: `${ID}:charge`, firstAttemptMs: NOW }],
  [stampedKey(ID, -5.4), { key: ID, firstAttemptMs: 0 }],
  [ID, { key: ID, firstAttemptMs: null }],
  [`${ID}@`, { key: `${ID}@`, firstAttemptMs: null }],
  [`${ID}@K`, { key: `${ID}@K`, firstAttemptMs: null }],
  [`${ID}@1charge`, { key: ID, firstAttemptMs: Number.parseInt("1charge", 36) }],
  [`${ID}@0123456789`, { key: `${ID}@0123456789`, firstAttemptMs: null }],
  [`x${ID}@1`, { key: `x${ID}@1`, firstAttemptMs: null }],
  ["mira@accounts", { key: "mira@accounts", firstAttemptMs: null }],
])("the key %s is read as %o", (key, read) => {
  expect(readKey(key)).toEqual(read);
});

test("client and server mean the same window", () => {
  expect(client.OUTCOMES_KEEP_MS).toBe(OUTCOMES_KEEP_MS);
});

describe("a key that tells when it was first sent", () => {
  test("is recorded without that, so that a repeat may tell another time", async () => {
    const { t, call, keys } = setUp();
    expect(await call(stampedKey(ID, NOW))).toBe(1);
    expect(await call(stampedKey(ID, NOW - 1))).toBe(1);
    expect(await call(ID)).toBe(1);
    expect(await keys()).toEqual([ID]);
    const asked = makeFunctionReference<"query">("things:outcomes");
    expect(await t.query(asked, { keys: [ID] })).toEqual([{ key: ID, result: 1 }]);
  });

  test("runs until the window is over, and is refused after", async () => {
    const { call, keys } = setUp();
    expect(await codeOf(call(stampedKey(ID, NOW - OUTCOMES_KEEP_MS - 1)))).toBe("idempotency_key_expired");
    expect([runs, await keys()]).toEqual([0, []]);
    expect(await call(stampedKey(ID, NOW - OUTCOMES_KEEP_MS))).toBe(1);
  });

  test("is answered from its record as long as there is one", async () => {
    const { call } = setUp();
    const key = stampedKey(ID, NOW);
    expect(await call(key)).toBe(1);
    vi.setSystemTime(NOW + 2 * OUTCOMES_KEEP_MS);
    expect(await call(key)).toBe(1);
  });

  test("never runs a second time, wrong as the device's clock may be", async () => {
    for (const aheadMs of [-OUTCOMES_KEEP_MS / 2, 0, HOUR_MS, 3 * OUTCOMES_KEEP_MS]) {
      runs = 0;
      vi.setSystemTime(NOW);
      const { call, prune } = setUp();
      const key = stampedKey(ID, NOW + aheadMs);
      await call(key);
      for (let afterMs = 0; afterMs < 6 * OUTCOMES_KEEP_MS; afterMs += OUTCOMES_KEEP_MS / 4) {
        vi.setSystemTime(NOW + afterMs + 2 * HOUR_MS);
        await prune();
        const later = await call(key).catch((error: ConvexError<{ code: string }>) => error.data.code);
        expect([1, "idempotency_key_expired"]).toContain(later);
      }
      expect(runs).toBe(1);
    }
  });
});

describe("pruning", () => {
  test("leaves what is in the window, and an hour more", async () => {
    const { call, keys, prune } = setUp();
    await call("old");
    vi.setSystemTime(NOW + 2);
    await call("young");
    vi.setSystemTime(NOW + OUTCOMES_KEEP_MS + HOUR_MS);
    expect(await prune()).toBe(0);
    vi.setSystemTime(NOW + OUTCOMES_KEEP_MS + HOUR_MS + 1);
    expect(await prune()).toBe(1);
    expect(await keys()).toEqual(["young"]);
  });

  test("lets a key without a time run again", async () => {
    const { call, prune } = setUp();
    await call("order-7");
    vi.setSystemTime(NOW + 2 * OUTCOMES_KEEP_MS);
    await prune();
    expect(await call("order-7")).toBe(2);
  });

  test.each([undefined, "elsewhere:prune"])(
    "goes on by itself until nothing is old (path: %s)",
    async (path) => {
      const { call, keys, prune } = setUp();
      for (let index = 0; index <= 2 * PRUNE_RECORDS_MAX; index += 1) await call(`old ${index}`);
      vi.setSystemTime(NOW + 2 * OUTCOMES_KEEP_MS);
      await call("young");
      expect(await prune(path)).toBe(PRUNE_RECORDS_MAX);
      expect(await keys()).toEqual(["young"]);
    },
  );

  test("takes few of large results in one step", async () => {
    const { call, keys, prune } = setUp();
    const large = "x".repeat(400_000);
    for (let index = 0; index < 8; index += 1) await call(`old ${index}`, large);
    vi.setSystemTime(NOW + 2 * OUTCOMES_KEEP_MS);
    expect(await prune()).toBe(3);
    expect(await keys()).toEqual([]);
  });
});
