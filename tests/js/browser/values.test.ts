import type { Page } from "@playwright/test";
import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

/** What arrives of a value, described so that it can leave the page. */
async function describeArguments(page: Page, read: "calls" | "outbox"): Promise<unknown> {
  return page.evaluate(async (where) => {
    const { server, until } = window.stage;
    const { tabweave } = window as unknown as { tabweave: import("tabweave").TabweaveClient };
    const listed = () => tabweave.outbox.getSnapshot().operations;
    const values = () =>
      where === "calls" ? server.calls.map(({ args }) => args) : listed().map(({ args }) => args);
    await until(() => values().length === 1);
    const [value] = values() as Array<Record<string, unknown>>;
    if (value === undefined) return undefined;
    const { at, big, bytes, view, map, set, nothing, minusZero, nan, list } = value;
    return {
      at: at instanceof Date && at.getTime(),
      big: typeof big === "bigint" && String(big),
      bytes: bytes instanceof ArrayBuffer && [...new Uint8Array(bytes)],
      view: view instanceof Uint8Array && [...view],
      map: map instanceof Map && [...map.entries()].map(([key, part]) => `${key}=${part}`),
      set: set instanceof Set && [...set],
      nothing: nothing === undefined && "nothing" in value,
      minusZero: Object.is(minusZero, -0),
      nan: Number.isNaN(nan),
      list,
      own: Object.hasOwn(value, "__proto__"),
    };
  }, read);
}

const expected = {
  at: 5,
  big: "9007199254740993",
  bytes: [1, 2, 255],
  view: [7],
  map: ["a=1", "b=2"],
  set: ["x"],
  nothing: true,
  minusZero: true,
  nan: true,
  list: [1, [2, { deep: true }]],
  own: true,
};

async function startAndKeep(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { client, keep, MemorySource, until } = window.stage;
    const tabweave = client({ source: new MemorySource({ connected: false }) });
    await until(() => tabweave.connectivity.getSnapshot().role === "leader");
    const value = JSON.parse('{"__proto__": {"x": 1}}');
    Object.assign(value, {
      at: new Date(5),
      big: 9007199254740993n,
      bytes: new Uint8Array([1, 2, 255]).buffer,
      view: new Uint8Array([7]),
      map: new Map([
        ["a", 1],
        ["b", 2],
      ]),
      set: new Set(["x"]),
      nothing: undefined,
      minusZero: -0,
      nan: Number.NaN,
      list: [1, [2, { deep: true }]],
    });
    Object.assign(window, { tabweave });
    await tabweave.mutate(keep, value).persisted;
  });
}

async function startConnected(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { client, MemorySource } = window.stage;
    Object.assign(window, { tabweave: client({ source: new MemorySource() }) });
  });
}

test("a value comes out of an operation, another tab and a reload as it went in", async () => {
  const context = await site.context();
  const page = await site.page(context);
  await startAndKeep(page);
  expect(await describeArguments(page, "outbox")).toEqual(expected);

  const other = await site.page(context);
  await other.evaluate(() => {
    const { client, MemorySource } = window.stage;
    Object.assign(window, { tabweave: client({ source: new MemorySource({ connected: false }) }) });
  });
  expect(await describeArguments(other, "outbox")).toEqual(expected);

  await other.close();
  await page.reload();
  await page.waitForFunction(() => "stage" in window);
  await startConnected(page);
  expect(await describeArguments(page, "calls")).toEqual(expected);
});

test("results of the server and of queries are kept as they are", async () => {
  const context = await site.context();
  const page = await site.page(context);
  await page.evaluate(async () => {
    const { client, keep, MemorySource, notes, server, texts, until } = window.stage;
    const source = new MemorySource();
    const extra = { big: 1n, at: new Date(7), bytes: new Uint8Array([9]).buffer };
    source.answer("notes", () => [{ id: "1", list: "a", text: "kept", extra }]);
    server.answer = () => new Map([["sum", 3n]]);
    const tabweave = client({ source });
    tabweave.subscribe(notes, { list: "a" }, () => {});
    await until(() => texts(tabweave) !== undefined && tabweave.connectivity.getSnapshot().role === "leader");
    const result = (await tabweave.mutate(keep, 1).settled) as Map<string, bigint>;
    if (result.get("sum") !== 3n) throw new Error("the result came out changed");
    // Results of queries are gathered for a moment before they are stored.
    const stored = () =>
      new Promise<number>((resolve) => {
        const request = indexedDB.open("tabweave/memory/anonymous/store");
        request.onsuccess = () => {
          const counting = request.result.transaction("queries").objectStore("queries").count();
          counting.onsuccess = () => {
            request.result.close();
            resolve(counting.result);
          };
        };
      });
    while ((await stored()) === 0);
  });
  await page.reload();
  await page.waitForFunction(() => "stage" in window);
  const seen = await page.evaluate(async () => {
    const { client, MemorySource, notes, until, texts } = window.stage;
    const tabweave = client({ source: new MemorySource({ connected: false }) });
    tabweave.subscribe(notes, { list: "a" }, () => {});
    await until(() => texts(tabweave) !== undefined);
    const { data, status, stale } = tabweave.view(notes, { list: "a" });
    const [note] = data ?? [];
    const { big, at, bytes } = (note?.extra ?? {}) as { big?: unknown; at?: unknown; bytes?: unknown };
    return {
      status,
      stale,
      text: note?.text,
      big: big === 1n,
      at: at instanceof Date && at.getTime(),
      bytes: bytes instanceof ArrayBuffer && [...new Uint8Array(bytes)],
    };
  });
  expect(seen).toEqual({ status: "success", stale: true, text: "kept", big: true, at: 7, bytes: [9] });
});
