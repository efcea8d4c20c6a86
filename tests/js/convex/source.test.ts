import { getFunctionName } from "convex/server";
import { convexSource } from "tabweave/convex";
import { describe, expect, test } from "vitest";
import { newId } from "../../../pkg/src/id.js";
import { api, callOf, reactClient, startBackend, texts } from "./app.js";
import { Ear } from "./listener.js";

async function app(options: { outcomes?: boolean } = {}) {
  const backend = await startBackend();
  const client = reactClient(backend);
  const source = convexSource(client, options.outcomes === false ? {} : { outcomes: api.tabweave.outcomes });
  const ear = Ear.on(source);
  await ear.connected();
  const watch = (token: string, list: string) =>
    source.watch({ token, reference: api.notes.list, args: { list } });
  const call = (reference: typeof api.notes.add, args: object, key = newId()) =>
    source.call?.(callOf({ reference, args: { ...args, idempotencyKey: key }, key }));
  return { backend, client, source, ear, watch, call };
}

test("the address is the deployment's", async () => {
  const { backend, source } = await app();
  expect(source.address).toBe(backend.address);
});

test("queries arrive, one batch for all that changed at one moment", async () => {
  const { source, ear, watch, call } = await app();
  watch("a", "a");
  watch("b", "b");
  source.watch({ token: "total", reference: api.notes.total, args: {} });
  await ear.until(() => ear.result("a") && ear.result("b") && ear.result("total") !== undefined);
  const before = ear.batches.length;
  await call(api.notes.add, { list: "a", text: "one" });
  await ear.until(() => ear.result("total") === 1);
  const [batch, ...more] = ear.batches.slice(before);
  expect(more).toEqual([]);
  expect(batch?.queries.map(([token]) => token).sort()).toEqual(["a", "total"]);
  expect(texts(ear.result("a"))).toEqual(["one"]);
});

test("a result that the client holds already is told to a second watcher", async () => {
  const { client, ear, watch } = await app();
  const own = client.watchQuery(api.notes.list, { list: "a" });
  own.onUpdate(() => {});
  await ear.until(() => own.localQueryResult());
  watch("late", "a");
  await ear.until(() => ear.result("late"));
});

test("what the server refuses is an error of its query, told once", async () => {
  const { ear, watch, call } = await app();
  watch("forbidden", "forbidden");
  await ear.until(() => ear.error("forbidden"));
  watch("a", "a");
  await call(api.notes.add, { list: "a", text: "one" });
  await ear.until(() => texts(ear.result("a"))?.length === 1);
  expect(ear.error("forbidden")).toMatchObject({ data: { code: "forbidden" } });
  expect(ear.batches.flatMap(({ errors }) => errors)).toHaveLength(1);
});

test("a query that is not watched any more is not told", async () => {
  const { ear, watch, call } = await app();
  const stop = watch("a", "a");
  watch("b", "b");
  await ear.until(() => ear.result("a") && ear.result("b"));
  stop();
  await call(api.notes.add, { list: "a", text: "unheard" });
  await call(api.notes.add, { list: "b", text: "heard" });
  await ear.until(() => texts(ear.result("b"))?.length === 1);
  expect(texts(ear.result("a"))).toEqual([]);
});

test("the connection is told, lost and found", async () => {
  const { backend, ear } = await app();
  await backend.command({ network: "down" });
  await ear.until(() => ear.connections.at(-1) === false);
  await backend.command({ network: "up" });
  await ear.connected();
});

describe("keys", () => {
  test("are told in the batch that has their effect, with what was returned", async () => {
    const { source, ear, watch, call } = await app();
    watch("a", "a");
    await ear.until(() => ear.result("a"));
    const key = newId();
    source.watchKeys([key]);
    const answer = await call(api.notes.add, { list: "a", text: "one" }, key);
    await ear.until(() => ear.seen.includes(key));
    const batch = ear.batches.find(({ seen }) => seen.includes(key));
    expect(texts(batch?.queries.find(([token]) => token === "a")?.[1])).toEqual(["one"]);
    expect(answer).toMatchObject({ result: batch?.results?.[0]?.[1] });
    expect(batch?.results).toEqual([[key, expect.any(String)]]);
  });

  test("hold results back until their subscription has answered, so that no effect comes without its key", async () => {
    const { backend, source, ear, watch, call } = await app();
    watch("a", "a");
    await ear.until(() => ear.result("a"));
    const path = getFunctionName(api.tabweave.outcomes);
    await backend.fail({ on: "query", action: "delay", path, ms: 700, times: 1 });
    const key = newId();
    source.watchKeys([key]);
    await call(api.notes.add, { list: "a", text: "one" }, key);
    await ear.until(() => texts(ear.result("a"))?.length === 1);
    const batch = ear.batches.find(({ queries }) => queries.some(([, value]) => texts(value)?.length === 1));
    expect(batch?.seen).toEqual([key]);
  });

  test("hold results back for two seconds at most", async () => {
    const { backend, source, ear, watch, call } = await app();
    watch("a", "a");
    await ear.until(() => ear.result("a"));
    const other = reactClient(backend);
    const path = getFunctionName(api.tabweave.outcomes);
    await backend.fail({ on: "query", action: "hang", path });
    source.watchKeys([newId()]);
    await other.mutation(api.notes.add, { list: "a", text: "by somebody else" });
    expect(await call(api.notes.add, { list: "b", text: "mine" })).toMatchObject({ kind: "accepted" });
    await ear.until(() => texts(ear.result("a"))?.length === 1);
  });

  test("that were watched are not subscribed again when others come", async () => {
    const { backend, source, ear, call } = await app();
    const [first, second] = [newId(), newId()];
    source.watchKeys([first]);
    source.watchKeys([first, second]);
    await ear.until(() => ear.connections.at(-1));
    const subscribed = async () => {
      const { sessions } = await backend.stats();
      return sessions.flatMap(({ queries }) => queries).filter((path) => path === "tabweave:outcomes").length;
    };
    await expect.poll(subscribed).toBe(2);
    await call(api.notes.add, { list: "a", text: "one" }, first);
    await ear.until(() => ear.seen.includes(first));
    await expect.poll(subscribed).toBe(1);
    source.watchKeys([second]);
    source.watchKeys([]);
    await expect.poll(subscribed).toBe(0);
  });

  test("that were seen in an earlier visit are told at once", async () => {
    const { backend, client } = await app();
    const key = newId();
    await client.mutation(api.notes.add, { list: "a", text: "one", idempotencyKey: key });
    const later = convexSource(reactClient(backend), { outcomes: api.tabweave.outcomes });
    const ear = Ear.on(later);
    later.watch({ token: "a", reference: api.notes.list, args: { list: "a" } });
    later.watchKeys([key, newId()]);
    await ear.until(() => ear.seen.length > 0);
    expect(ear.seen).toEqual([key]);
    expect(texts(ear.result("a"))).toEqual(["one"]);
  });

  test("cannot be told without the query, and that is known", async () => {
    const { source } = await app({ outcomes: false });
    expect(source.knowsKeys).toBe(false);
    const { source: able } = await app();
    expect(able.knowsKeys).toBe(true);
  });

  test("cannot be told if the app does not export the query; that is reported and holds nothing up", async () => {
    const backend = await startBackend();
    const missing = {
      ...api.tabweave.outcomes,
      ...(await import("convex/server")).makeFunctionReference<"query">("tabweave:missing"),
    };
    const source = convexSource(reactClient(backend), { outcomes: missing as typeof api.tabweave.outcomes });
    const ear = Ear.on(source);
    source.watchKeys([newId()]);
    source.watch({ token: "a", reference: api.notes.list, args: { list: "a" } });
    await ear.until(() => ear.diagnostics.includes("outcomes_unavailable") && ear.result("a"));
  });
});

describe("a call", () => {
  test("is answered with the result", async () => {
    const { call } = await app();
    expect(await call(api.notes.add, { list: "a", text: "one" })).toMatchObject({
      kind: "accepted",
      result: expect.stringContaining("notes"),
      seen: true,
    });
  });

  test("that the function refuses is rejected, with the original error", async () => {
    const { source } = await app();
    const key = newId();
    const args = { list: "a", idempotencyKey: key };
    const outcome = await source.call?.(callOf({ reference: api.notes.refuse, args, key }));
    expect(outcome).toMatchObject({
      kind: "rejected",
      error: { name: "ConvexError", data: { code: "refused", list: "a", limit: 5n } },
    });
  });

  test("is not made while the client is disconnected", async () => {
    const { backend, ear, call } = await app();
    await backend.command({ network: "down" });
    await ear.until(() => ear.connections.at(-1) === false);
    expect(await call(api.notes.add, { list: "a", text: "one" })).toMatchObject({ kind: "retryable" });
    await backend.command({ network: "up" });
    await ear.connected();
    expect((await backend.stats()).mutationsRun).toBe(0);
  });

  test("cut off after the commit is answered by what the server recorded, and ran once", async () => {
    const { backend, call } = await app();
    await backend.fail({ on: "mutation", action: "drop-after", times: 1 });
    expect(await call(api.notes.add, { list: "a", text: "one" })).toMatchObject({ kind: "accepted" });
    expect((await backend.stats()).mutationsRun).toBe(1);
  });

  test("is never made twice on one client: a second one waits for the answer to the first", async () => {
    const { backend, ear, source } = await app();
    await backend.fail({ on: "mutation", action: "delay", path: "notes:add", times: 1 });
    const key = newId();
    const giveUp = new AbortController();
    const request = callOf({
      reference: api.notes.add,
      args: { list: "a", text: "one", idempotencyKey: key },
      key,
    });
    const first = source.call?.({ ...request, signal: giveUp.signal });
    await expect.poll(async () => (await backend.stats()).held).toBe(1);
    giveUp.abort();
    expect(await first).toMatchObject({ kind: "unknown" });
    const second = source.call?.(request);
    await backend.command({ clear: true });
    expect(await second).toMatchObject({ kind: "accepted" });
    expect((await backend.stats()).mutationsRun).toBe(1);
    expect(ear.diagnostics).toEqual([]);
  });

  test("on a client that was closed may be made another time", async () => {
    const { client, call } = await app();
    await client.close();
    await expect(call(api.notes.add, { list: "a", text: "one" })).resolves.toMatchObject({
      kind: "retryable",
    });
  });
});

test("Convex's dialog about unsaved changes is reported, unless it is off", async () => {
  const { ear } = await app();
  expect(ear.diagnostics).toEqual([]);
  const backend = await startBackend();
  const asking = reactClient(backend);
  Object.assign((asking as unknown as { options: object }).options, { unsavedChangesWarning: undefined });
  expect(Ear.on(convexSource(asking)).diagnostics).toEqual(["convex_warning"]);
});

test("a client of 1.25.0, which tells nothing of its connection, works by the browser's word", async () => {
  const backend = await startBackend();
  const client = reactClient(backend);
  const older = new Proxy(client, {
    get: (target, name) => {
      if (name === "subscribeToConnectionState") return undefined;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const events = new EventTarget();
  const browser = { onLine: true };
  Object.assign(globalThis, {
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
  });
  Object.defineProperty(globalThis, "navigator", { value: browser, configurable: true });
  const source = convexSource(older);
  const ear = Ear.on(source);
  expect(ear.connections).toEqual([true]);
  const key = newId();
  const args = { list: "a", text: "one", idempotencyKey: key };
  // The socket is not open yet: the call waits for it.
  const outcome = await source.call?.(callOf({ reference: api.notes.add, args, key }));
  expect(outcome).toMatchObject({ kind: "accepted" });
  browser.onLine = false;
  events.dispatchEvent(new Event("offline"));
  expect(ear.connections).toEqual([true, false]);
});
