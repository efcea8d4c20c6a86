// What a call means, by what is known before it and what comes of it.
import { ConvexError } from "convex/values";
import { convexSource } from "tabweave/convex";
import { afterEach, describe, expect, test, vi } from "vitest";
import { OUTCOMES_KEEP_MS, stampedKey } from "../../../pkg/src/convex/stamp.js";
import { newId } from "../../../pkg/src/id.js";
import { api, callOf, reactClient, startBackend } from "./app.js";
import { Ear } from "./listener.js";

const HOUR_MS = 60 * 60 * 1000;

async function app() {
  const backend = await startBackend();
  const client = reactClient(backend);
  const source = convexSource(client, { outcomes: api.tabweave.outcomes, close: api.tabweave.close });
  const ear = Ear.on(source);
  await ear.connected();
  const add = (key: string, firstAttemptMs = Date.now(), sentMs = firstAttemptMs) => {
    const args = { list: "a", text: "one", idempotencyKey: stampedKey(key, sentMs) };
    return source.call?.(callOf({ reference: api.notes.add, args, key, firstAttemptMs }));
  };
  const close = (key: string, firstAttemptMs = Date.now()) =>
    source.close?.({ key, firstAttemptMs, signal: new AbortController().signal });
  const ran = async () => (await backend.stats()).mutationsRun;
  return { backend, client, source, ear, add, close, ran };
}

const THROWN: ReadonlyArray<readonly [data: unknown, outcome: object]> = [
  [{ code: "unauthenticated" }, { kind: "unauthenticated" }],
  [{ status: 401 }, { kind: "unauthenticated" }],
  [{ code: "conflict" }, { kind: "conflict" }],
  [{ status: 409 }, { kind: "conflict" }],
  [{ code: "conflict", current: { text: "a" } }, { kind: "conflict" }],
  [{ code: "refused", tag: "tabweave:conflict", current: null }, { kind: "rejected" }],
  [{ code: "overload" }, { kind: "retryable", hindrance: "overload" }],
  [
    { status: 429, retryAfter: 0 },
    { kind: "retryable", hindrance: "overload", afterMs: 0 },
  ],
  [
    { status: 503, retryAfter: -1 },
    { kind: "retryable", hindrance: "overload" },
  ],
  [
    { kind: "RateLimited", name: "send", retryAfter: 250.5 },
    { kind: "retryable", hindrance: "overload", afterMs: 250.5 },
  ],
  [{ code: "idempotency_key_expired" }, { kind: "lost" }],
  [{ code: "idempotency_key_closed" }, { kind: "rejected" }],
  [{ status: "401" }, { kind: "rejected" }],
  ["unauthenticated", { kind: "rejected" }],
  [null, { kind: "rejected" }],
];

test("what a function throws decides by its data", async () => {
  const { source } = await app();
  for (const [data, outcome] of THROWN) {
    const call = callOf({ reference: api.notes.fail, args: { data }, key: newId() });
    expect(await source.call?.(call), JSON.stringify(data)).toEqual({ ...outcome, error: expect.any(Error) });
  }
});

test("an edit that was made on something else is answered with what the server holds", async () => {
  const { client, source, add } = await app();
  await add(newId());
  const [base] = await client.query(api.notes.list, { list: "a" });
  if (base === undefined) throw new Error("it was just added");
  const replace = (text: string) => {
    const args = { base, next: { ...base, text } };
    return source.call?.(callOf({ reference: api.notes.replace, args, key: newId() }));
  };
  expect(await replace("two")).toMatchObject({ kind: "accepted" });
  expect(await replace("three")).toEqual({
    kind: "conflict",
    error: expect.any(ConvexError),
    current: { document: { ...base, text: "two" } },
  });
  await client.mutation(api.notes.remove, { list: "a" });
  expect(await replace("three")).toMatchObject({ kind: "conflict", current: { removed: true } });
});

describe("an operation first sent about as long ago as the server remembers", () => {
  test("is sent until an hour before", async () => {
    const { add, ran } = await app();
    expect(await add(newId(), Date.now() - OUTCOMES_KEEP_MS + HOUR_MS + 60_000)).toMatchObject({
      kind: "accepted",
    });
    expect(await ran()).toBe(1);
  });

  test("is lost after, and not sent", async () => {
    const { backend, add } = await app();
    await backend.fail({ on: "mutation", action: "hang" });
    expect(await add(newId(), Date.now() - OUTCOMES_KEEP_MS + HOUR_MS - 1)).toMatchObject({ kind: "lost" });
  });

  test("is lost if the server says that it is too late", async () => {
    const { add, ran } = await app();
    const longAgo = Date.now() - OUTCOMES_KEEP_MS - HOUR_MS;
    expect(await add(newId(), Date.now(), longAgo)).toMatchObject({ kind: "lost" });
    expect(await ran()).toBe(0);
  });

  test("is sent if it has no key, for then nothing is known of earlier attempts anyhow", async () => {
    const { source } = await app();
    const id = await source.call?.(
      callOf({ reference: api.notes.add, args: { list: "a", text: "b" }, key: newId(), firstAttemptMs: 0 }),
    );
    expect(id).toMatchObject({ kind: "accepted" });
  });
});

describe("an operation that the server is known to have recorded", () => {
  test("is accepted with what it returned, and not sent", async () => {
    const { backend, source, ear, add, ran } = await app();
    const key = newId();
    source.watchKeys([key]);
    const args = { list: "a", text: "one", idempotencyKey: key };
    const result = await reactClient(backend).mutation(api.notes.add, args);
    await ear.until(() => ear.seen.includes(key));
    source.watchKeys([]);
    expect(await add(key, 0)).toEqual({ kind: "accepted", result });
    expect(await ran()).toBe(1);
  });

  test("is told as seen again to who asks anew", async () => {
    const { source, ear, add } = await app();
    const key = newId();
    source.watchKeys([key]);
    await add(key);
    await ear.until(() => ear.seen.length === 1);
    source.watchKeys([]);
    source.watchKeys([key]);
    await ear.until(() => ear.seen.length === 2);
    expect(ear.seen).toEqual([key, key]);
  });
});

test("another client may send an operation again whose outcome this one does not know", async () => {
  const { backend, add, ran } = await app();
  await backend.fail({ on: "mutation", action: "delay-response", times: 1 });
  const key = newId();
  const answer = add(key);
  await expect.poll(async () => (await backend.stats()).held).toBe(1);
  const later = convexSource(reactClient(backend));
  await Ear.on(later).connected();
  const args = { list: "a", text: "one", idempotencyKey: stampedKey(key, Date.now()) };
  const again = await later.call?.(callOf({ reference: api.notes.add, args, key }));
  await backend.command({ clear: true });
  expect(again).toMatchObject({ kind: "accepted" });
  expect(await answer).toMatchObject({ kind: "accepted", result: (again as { result: unknown }).result });
  expect(await ran()).toBe(2);
});

describe("closing", () => {
  test("tells what an operation returned that took effect", async () => {
    const { add, close } = await app();
    const key = newId();
    const added = await add(key);
    expect(await close(key)).toEqual({ kind: "done", result: (added as { result: unknown }).result });
  });

  test("keeps one that did not take effect from ever doing so", async () => {
    const { add, close } = await app();
    const key = newId();
    expect(await close(key)).toEqual({ kind: "closed" });
    expect(await add(key)).toMatchObject({
      kind: "rejected",
      error: { data: { code: "idempotency_key_closed" } },
    });
  });

  test("comes after the call that is under way", async () => {
    const { backend, add, close } = await app();
    await backend.fail({ on: "mutation", path: "notes:add", action: "delay", times: 1 });
    const key = newId();
    const added = add(key);
    await expect.poll(async () => (await backend.stats()).held).toBe(1);
    const closed = close(key);
    await backend.command({ clear: true });
    expect(await closed).toEqual({ kind: "done", result: ((await added) as { result: unknown }).result });
  });

  test("is too late after the window", async () => {
    const { close } = await app();
    expect(await close(newId(), Date.now() - OUTCOMES_KEEP_MS - HOUR_MS)).toMatchObject({ kind: "lost" });
  });

  test("waits for a connection", async () => {
    const { backend, ear, close } = await app();
    await backend.command({ network: "down" });
    await ear.until(() => ear.connections.at(-1) === false);
    expect(await close(newId())).toMatchObject({ kind: "retryable", hindrance: "connection" });
  });

  test("is refused if the function is not there", async () => {
    const { client } = await app();
    const missing = {
      ...api.tabweave.close,
      ...(await import("convex/server")).makeFunctionReference("no:no"),
    };
    const source = convexSource(client, { close: missing as typeof api.tabweave.close });
    await Ear.on(source).connected();
    const { signal } = new AbortController();
    expect(await source.close?.({ key: newId(), firstAttemptMs: 0, signal })).toMatchObject({
      kind: "rejected",
    });
  });

  test("cannot be done without the mutation", async () => {
    expect(convexSource((await app()).client).close).toBeUndefined();
  });
});

describe("a call without an answer", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A client whose calls are never answered. */
  function silentClient(inside: object = {}) {
    const never = vi.fn(() => new Promise(() => {}));
    const state = { isWebSocketConnected: true, connectionCount: 1 };
    const client = {
      ...inside,
      url: "https://happy-otter-123.convex.cloud",
      watchQuery: () => ({ onUpdate: () => () => {}, localQueryResult: () => undefined }),
      mutation: never,
      action: never,
      connectionState: () => state,
      subscribeToConnectionState: () => () => {},
      close: async () => {},
    };
    return { source: convexSource(client, { requireAuth: true }), never, state };
  }

  test.each([
    ["mutation", 60_000],
    ["action", 660_000],
  ] as const)("%s: is unknown after %i ms, and goes on to be waited for", async (kind, timeoutMs) => {
    vi.useFakeTimers();
    const { source, never } = silentClient();
    const call = callOf({ reference: api.notes.add, args: {}, key: newId(), kind });
    for (const _ of [1, 2]) {
      const told = vi.fn();
      void source.call?.(call).then(told);
      await vi.advanceTimersByTimeAsync(timeoutMs - 1);
      expect(told).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(told).toHaveBeenCalledWith(
        expect.objectContaining({ kind: "unknown", hindrance: "connection" }),
      );
    }
    expect(never).toHaveBeenCalledTimes(1);
  });

  test("is not unknown for as long as the connection is lost", async () => {
    vi.useFakeTimers();
    const { source, state } = silentClient();
    const told = vi.fn();
    void source.call?.(callOf({ reference: api.notes.add, args: {}, key: newId() })).then(told);
    await vi.advanceTimersByTimeAsync(1);
    state.isWebSocketConnected = false;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(told).not.toHaveBeenCalled();
    state.isWebSocketConnected = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toHaveBeenCalledTimes(1);
  });

  test("is not made once nobody waits for it, whoever has signed in by then", async () => {
    vi.useFakeTimers();
    let has = false;
    const { source, never } = silentClient({ sync: { hasAuth: () => has } });
    const leave = new AbortController();
    const call = callOf({ reference: api.notes.add, args: {}, key: newId(), signal: leave.signal });
    const told = vi.fn();
    void source.call?.(call).then(told);
    await vi.advanceTimersByTimeAsync(1);
    leave.abort();
    has = true;
    await vi.advanceTimersByTimeAsync(500);
    expect(told).toHaveBeenCalledWith(expect.objectContaining({ kind: "retryable" }));
    expect(never).not.toHaveBeenCalled();
  });

  test("is not made if the client gets no token for ten seconds", async () => {
    vi.useFakeTimers();
    const { source, never } = silentClient({ sync: { hasAuth: () => false } });
    const told = vi.fn();
    void source.call?.(callOf({ reference: api.notes.add, args: {}, key: newId() })).then(told);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(told).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toHaveBeenCalledWith(expect.objectContaining({ kind: "unauthenticated" }));
    expect(never).not.toHaveBeenCalled();
  });
});
