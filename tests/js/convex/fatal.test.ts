// The server ends a client for good: what is left of it, and what another client makes of it.
import type { ConvexReactClient } from "convex/react";
import { convexSource } from "tabweave/convex";
import { describe, expect, test, vi } from "vitest";
import { newId } from "../../../pkg/src/id.js";
import { api, callOf, reactClient, startBackend, texts } from "./app.js";
import { Ear } from "./listener.js";

async function app(options: { renews?: boolean } = {}) {
  const backend = await startBackend();
  const client = reactClient(backend);
  const made: ConvexReactClient[] = [];
  const createConvexClient = () => {
    made.push(reactClient(backend));
    return made.at(-1) as ConvexReactClient;
  };
  const source = convexSource(client, {
    outcomes: api.tabweave.outcomes,
    ...(options.renews === true ? { createConvexClient } : {}),
  });
  const ear = Ear.on(source);
  await ear.connected();
  const add = (text: string, key = newId()) =>
    source.call?.(callOf({ reference: api.notes.add, args: { list: "a", text, idempotencyKey: key }, key }));
  const end = async () => {
    await backend.fail({ on: "query", path: "notes:total", action: "fatal", times: 1 });
    source.watch({ token: "total", reference: api.notes.total, args: {} });
    await ear.until(() => ear.diagnostics.includes("convex_fatal"));
  };
  return { backend, client, source, ear, made, add, end };
}

describe("without another client", () => {
  test("that is reported once, the source is disconnected, and nothing is sent", async () => {
    const { backend, ear, add, end } = await app();
    await end();
    expect(ear.diagnostics).toEqual(["convex_fatal"]);
    expect(ear.connections.at(-1)).toBe(false);
    expect(await add("one")).toMatchObject({ kind: "retryable", hindrance: "connection" });
    expect((await backend.stats()).mutationsRun).toBe(0);
  });

  test("a call that was under way is unknown, and stays so however often it is asked for", async () => {
    const { backend, add, end } = await app();
    await backend.fail({ on: "mutation", action: "hang", times: 1 });
    const key = newId();
    const under = add("one", key);
    await expect.poll(async () => (await backend.stats()).rules).toBe(0);
    await end();
    const unknown = { kind: "unknown", hindrance: "connection" };
    expect(await under).toMatchObject(unknown);
    expect(await add("one", key)).toMatchObject(unknown);
  });

  test("a source made afterwards knows it as well", async () => {
    const { client, end } = await app();
    await end();
    expect(Ear.on(convexSource(client))).toMatchObject({ diagnostics: ["convex_fatal"] });
  });

  test("a client that the app closed is not taken for one", async () => {
    const { client, ear, add } = await app();
    await client.close();
    await ear.until(() => ear.connections.at(-1) === false);
    expect(await add("one")).toMatchObject({ kind: "retryable", hindrance: "connection" });
    expect(ear.diagnostics).toEqual([]);
  });
});

describe("with another client", () => {
  test("results, keys and calls go on by that one", async () => {
    const { source, ear, made, add, end } = await app({ renews: true });
    source.watch({ token: "a", reference: api.notes.list, args: { list: "a" } });
    await ear.until(() => ear.result("a"));
    const key = newId();
    source.watchKeys([key]);
    await end();
    await ear.until(() => ear.connections.at(-1) === true);
    expect(made).toHaveLength(1);
    expect(await add("one", key)).toMatchObject({ kind: "accepted" });
    await ear.until(() => ear.seen.includes(key));
    expect(texts(ear.result("a"))).toEqual(["one"]);
    expect(ear.result("total")).toBe(1);
  });

  test("a keyed call of unknown outcome is sent again by that one, and has run once", async () => {
    const { backend, ear, add, end } = await app({ renews: true });
    await backend.fail({ on: "mutation", action: "delay-response" });
    const key = newId();
    const under = add("one", key);
    await expect.poll(async () => (await backend.stats()).held).toBe(1);
    await end();
    expect(await under).toMatchObject({ kind: "unknown" });
    await backend.command({ clear: true });
    await ear.until(() => ear.connections.at(-1) === true);
    expect(await add("one", key)).toMatchObject({ kind: "accepted" });
    await ear.until(() => ear.result("total") === 1);
  });

  test("what the app throws instead is reported, and it is asked again", async () => {
    const backend = await startBackend();
    const ask = vi
      .fn(() => reactClient(backend))
      .mockImplementationOnce(() => {
        throw new RangeError("not now");
      });
    const source = convexSource(reactClient(backend), { createConvexClient: ask });
    const ear = Ear.on(source);
    await ear.connected();
    await backend.fail({ on: "query", action: "fatal", times: 1 });
    source.watch({ token: "total", reference: api.notes.total, args: {} });
    await ear.until(() => ear.result("total") === 0);
    expect(ear.diagnostics).toEqual(["convex_fatal", "convex_fatal"]);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test("each further one comes later", async () => {
    const { backend, source, ear, made } = await app({ renews: true });
    await backend.fail({ on: "query", path: "notes:total", action: "fatal", times: 2 });
    const begunMs = performance.now();
    source.watch({ token: "total", reference: api.notes.total, args: {} });
    await ear.until(() => ear.result("total") === 0);
    expect(made).toHaveLength(2);
    // One second before the first, two before the second.
    expect(performance.now() - begunMs).toBeGreaterThan(2_900);
  });
});
