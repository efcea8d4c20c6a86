// `close`: whether an operation takes effect is settled for good, whatever comes first.
import type { ConvexClient } from "convex/browser";
import { ConvexError } from "convex/values";
import { OUTCOMES_KEEP_MS } from "tabweave/convex/server";
import { expect, test } from "vitest";
import { stampedKey } from "../../pkg/src/convex/stamp.js";
import { Backend, unsignedToken } from "./backend.js";
import { api, ledger, liveInteraction, rejection } from "./campaign.js";

const ID = "0b9cd6a2-5d4c-4b7e-9f51-0d6f2a7c1e88";

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await rejection(promise);
  expect(error).toBeInstanceOf(ConvexError);
  return (error as ConvexError<{ code: string }>).data.code;
}

async function setUp() {
  const backend = await Backend.start();
  const client = backend.client();
  const { _id: id } = await liveInteraction(client);
  const advance = (by: ConvexClient, idempotencyKey: string) =>
    by.mutation(api.interactions.advanceTurn, { id, idempotencyKey });
  const close = (by: ConvexClient, key: string) => by.mutation(api.tabweave.close, { key });
  return { backend, client, advance, close };
}

test("a key that has run answers with its result, and still does for a repeat", async () => {
  const { client, advance, close } = await setUp();
  const result = await advance(client, "k");
  expect(await close(client, "k")).toEqual({ status: "done", result });
  expect(await close(client, "k")).toEqual({ status: "done", result });
  expect(await advance(client, "k")).toEqual(result);
});

test("a key that has not run is sealed: it never will, and outcomes does not list it", async () => {
  const { backend, client, advance, close } = await setUp();
  expect(await close(client, "k")).toEqual({ status: "sealed" });
  expect(await close(client, "k")).toEqual({ status: "sealed" });
  expect(await codeOf(advance(client, "k"))).toBe("idempotency_key_closed");
  expect(await client.query(api.tabweave.outcomes, { keys: ["k"] })).toEqual([]);
  await backend.kill();
  await backend.restart();
  expect(await codeOf(advance(backend.client(), "k"))).toBe("idempotency_key_closed");
  expect(await ledger(backend.client())).toEqual([]);
});

test("keys that tell when they were sent are closed by their id", async () => {
  const { client, advance, close } = await setUp();
  expect(await close(client, stampedKey(ID, Date.now()))).toEqual({ status: "sealed" });
  expect(await codeOf(advance(client, stampedKey(ID, Date.now() - 1)))).toBe("idempotency_key_closed");
});

test("a key too old to tell is not called sealed, unless it is known to be", async () => {
  const { client, close } = await setUp();
  const old = stampedKey(ID, Date.now() - OUTCOMES_KEEP_MS - 1);
  expect(await codeOf(close(client, old))).toBe("idempotency_key_expired");
  await close(client, ID);
  expect(await close(client, old)).toEqual({ status: "sealed" });
});

test("nobody closes, or learns of, what somebody else did", async () => {
  const { backend, client: mira, advance, close } = await setUp();
  const oswin = backend.client();
  mira.setAuth(async () => unsignedToken("mira"));
  oswin.setAuth(async () => unsignedToken("oswin"));
  await advance(mira, "done");
  await close(mira, "sealed");
  for (const key of ["done", "sealed"]) {
    expect(await codeOf(close(oswin, key))).toBe("idempotency_key_reused");
    expect(await codeOf(advance(oswin, key))).toBe("idempotency_key_reused");
  }
});

test("a run and a close at the same time have one end", async () => {
  const { backend, client, advance, close } = await setUp();
  const other = backend.client();
  await liveInteraction(other);
  const keys = Array.from({ length: 10 }, (_, index) => `k-${index}`);
  const ends = await Promise.all(
    keys.map(async (key, index) => {
      const calls = [() => advance(client, key).catch(() => "refused"), () => close(other, key)] as const;
      const [first, second] = index % 2 === 0 ? calls : ([calls[1], calls[0]] as const);
      const [one, two] = await Promise.all([first(), second()]);
      return index % 2 === 0 ? [one, two] : [two, one];
    }),
  );
  for (const [ran, closed] of ends) {
    expect(closed).toEqual(ran === "refused" ? { status: "sealed" } : { status: "done", result: ran });
  }
  expect(await ledger(client)).toHaveLength(ends.filter(([ran]) => ran !== "refused").length);
});

test("a key that cannot be one is refused", async () => {
  const { client, close } = await setUp();
  expect(await codeOf(close(client, ""))).toBe("idempotency_key_invalid");
});
