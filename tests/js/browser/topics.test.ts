import type { BrowserContext, Page } from "@playwright/test";
import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

interface Cursor {
  readonly x: number;
  readonly at?: Date;
}

interface Started {
  readonly tabweave: import("tabweave").TabweaveClient;
  readonly cursors: import("tabweave").EphemeralTopic<Cursor>;
  readonly drafts: import("tabweave").DurableTopic<unknown>;
}

/** A page with two topics, whose engine runs. */
async function open(context: BrowserContext, version = "1"): Promise<Page> {
  const page = await site.page(context);
  await start(page, version);
  return page;
}

async function start(page: Page, version = "1"): Promise<void> {
  await page.evaluate(async (app) => {
    const { client, MemorySource, until } = window.stage;
    // Nothing ever comes from a server.
    const tabweave = client({ source: new MemorySource({ connected: false }), version: app });
    const cursors = tabweave.topic<Cursor>("cursors", { durable: false });
    const drafts = tabweave.topic("drafts", { durable: true });
    Object.assign(window, { tabweave, cursors, drafts });
    await until(() => tabweave.connectivity.getSnapshot().role !== "starting");
  }, version);
}

async function reload(page: Page): Promise<void> {
  await page.reload();
  await page.waitForFunction(() => "stage" in window);
  await start(page);
}

/** What a page shows of both topics once this key is there, or is not. */
async function shown(page: Page, key: string, isThere = true): Promise<unknown> {
  return page.evaluate(
    async ([which, there]) => {
      const { cursors, drafts } = window as unknown as Started;
      await window.stage.until(() => ((cursors.get(which) ?? drafts.get(which)) !== undefined) === there);
      return [Object.fromEntries(cursors.getSnapshot()), Object.fromEntries(drafts.getSnapshot())];
    },
    [key, isThere] as const,
  );
}

test("ephemeral entries reach the other page, and go with the tab that wrote them", async () => {
  const context = await site.context();
  const [first, second] = [await open(context), await open(context)];
  await first.evaluate(() => {
    const { cursors } = window as unknown as Started;
    cursors.publish("ann", { x: 0 });
    for (let x = 1; x <= 50; x += 1) cursors.publish("ann", { x });
    cursors.publish("gone", { x: 1 });
    cursors.remove("gone");
  });
  await second.evaluate(async () => {
    const { cursors } = window as unknown as Started;
    await window.stage.until(() => cursors.get("ann")?.x === 50);
    cursors.publish("bob", { x: 7, at: new Date(3) });
  });
  expect(await shown(second, "ann")).toEqual([{ ann: { x: 50 }, bob: { x: 7, at: new Date(3) } }, {}]);
  // A tab that comes later sees what is there.
  const late = await open(context);
  expect(await shown(late, "bob")).toEqual([{ ann: { x: 50 }, bob: { x: 7, at: new Date(3) } }, {}]);
  await late.evaluate(() => void (window as unknown as Started).tabweave.watchPeers());
  await first.close();
  expect(await shown(late, "ann", false)).toEqual([{ bob: { x: 7, at: new Date(3) } }, {}]);
});

test("durable entries are stored, outlive a reload, and are there in a late tab before any network", async () => {
  const context = await site.context();
  const [first, second] = [await open(context), await open(context)];
  const value = { text: "draft", at: new Date(5), big: 10n ** 20n, list: [1, [null]] };
  await first.evaluate(async (draft) => {
    const { drafts, cursors } = window as unknown as Started;
    cursors.publish("me", { x: 1 });
    void drafts.publish("a", "an older one");
    drafts.publish("b", undefined);
    const all = [drafts.publish("a", draft), drafts.publish("c", 1), drafts.remove("c")];
    await Promise.all(all.map(({ persisted }) => persisted));
  }, value);
  expect(await shown(second, "a")).toMatchObject([expect.anything(), { a: value, b: undefined }]);
  await second.close();
  await reload(first);
  expect(await shown(first, "a")).toEqual([{}, { a: value, b: undefined }]);
  const late = await open(context);
  expect(await shown(late, "a")).toEqual([{}, { a: value, b: undefined }]);
  expect(await late.evaluate(() => (window as unknown as Started).drafts.getSnapshot().has("c"))).toBe(false);
});

test("what is published before the engine is ready shows at once and reaches store and other tabs in order", async () => {
  const context = await site.context();
  const other = await open(context);
  const page = await site.page(context);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/tabweave.wasm", async (route) => {
    await held;
    await route.continue();
  });
  const early = await page.evaluate(() => {
    const { client, MemorySource } = window.stage;
    const tabweave = client({ source: new MemorySource({ connected: false }) });
    const cursors = tabweave.topic<Cursor>("cursors", { durable: false });
    const drafts = tabweave.topic("drafts", { durable: true });
    const told: string[] = [];
    drafts.subscribe(() => told.push([...drafts.getSnapshot()].join()));
    cursors.publish("early", { x: 1 });
    const first = drafts.publish("a", "first");
    const second = drafts.publish("a", "second");
    Object.assign(window, { persisted: [first.persisted, second.persisted] });
    return { told, cursor: cursors.get("early"), role: tabweave.connectivity.getSnapshot().role };
  });
  expect(early).toEqual({ told: ["a,first", "a,second"], cursor: { x: 1 }, role: "starting" });
  release();
  await page.evaluate(() => Promise.all((window as unknown as { persisted: unknown[] }).persisted));
  expect(await shown(other, "early")).toEqual([{ early: { x: 1 } }, { a: "second" }]);
});

test("without an engine ephemeral topics work in this tab, and durable entries say that they are not stored", async () => {
  const context = await site.context();
  await context.route("**/tabweave.wasm", (route) => route.abort());
  const page = await site.page(context);
  const seen = await page.evaluate(async () => {
    const { client, outcome } = window.stage;
    const tabweave = client();
    const cursors = tabweave.topic<Cursor>("cursors", { durable: false });
    const drafts = tabweave.topic("drafts", { durable: true });
    const early = await outcome(drafts.publish("a", 1).persisted);
    const late = await outcome(drafts.publish("a", 2).persisted);
    cursors.publish("me", { x: 1 });
    return { early, late, shown: [cursors.get("me"), drafts.get("a")] };
  });
  expect(seen).toMatchObject({
    early: { code: "wasm_unavailable" },
    late: { code: "wasm_unavailable" },
    shown: [{ x: 1 }, 2],
  });
});

test("without IndexedDB durable entries are shared, and nothing is called stored", async () => {
  const context = await site.context();
  await context.addInitScript(() => {
    Object.defineProperty(window, "indexedDB", { value: undefined, configurable: true });
  });
  const page = await open(context);
  const seen = await page.evaluate(async () => {
    const { drafts, tabweave } = window as unknown as Started;
    const persisted = await window.stage.outcome(drafts.publish("a", 1).persisted);
    return { persisted, value: drafts.get("a"), storage: tabweave.connectivity.getSnapshot().storage };
  });
  expect(seen).toMatchObject({ persisted: { code: "storage_memory" }, value: 1, storage: "localstorage" });
});

test("a value that cannot be cloned is refused at the call, and nothing else is disturbed", async () => {
  const context = await site.context();
  const [first, second] = [await open(context), await open(context)];
  const refused = await first.evaluate(() => {
    const { cursors, drafts } = window as unknown as Started;
    cursors.publish("me", { x: 1 });
    return [
      () => cursors.publish("me", { x: { f: () => {} } } as unknown as Cursor),
      () => drafts.publish("a", [{ wait: Promise.resolve() }]),
      () => drafts.publish("a", new Uint8Array(50_000_000)),
    ].map((publish) => {
      try {
        publish();
        return "nothing was thrown";
      } catch (error) {
        return (error as Error).message;
      }
    });
  });
  expect(refused).toEqual([
    expect.stringContaining("args_not_cloneable: value.x.f"),
    expect.stringContaining("args_not_cloneable: value[0].wait"),
    expect.stringContaining("payload_too_large: value"),
  ]);
  expect(await shown(second, "me")).toEqual([{ me: { x: 1 } }, {}]);
});

test("after a crash of the engine, topics and what was published go on", async () => {
  const context = await site.context();
  const [first, second] = [await open(context), await open(context)];
  await first.evaluate(async () => {
    const { cursors, drafts } = window as unknown as Started;
    const { engineClass } = window.stage;
    cursors.publish("me", { x: 1 });
    await drafts.publish("stored", 1).persisted;
    const prototype = (await engineClass()).prototype as { publish: (...args: unknown[]) => void };
    const real = prototype.publish;
    let isFirst = true;
    prototype.publish = function (...args) {
      if (!isFirst) return real.apply(this, args);
      isFirst = false;
      throw new WebAssembly.RuntimeError("unreachable");
    };
    await drafts.publish("crashing", 2).persisted;
  });
  const both = [{ me: { x: 1 } }, { stored: 1, crashing: 2 }];
  expect(await shown(second, "crashing")).toEqual(both);
  expect(await shown(first, "stored")).toEqual(both);
});

test("the list of tabs names who leads and every version, and a tab that leaves or crashes goes from it", async () => {
  const context = await site.context();
  const [leader, second] = [await open(context, "7"), await open(context, "8")];
  const third = await open(context, "9");
  const peers = await second.evaluate(async () => {
    const { tabweave } = window as unknown as Started;
    Object.assign(window, { unwatch: tabweave.watchPeers() });
    const read = () => tabweave.connectivity.getSnapshot();
    await window.stage.until(() => read().peers.length === 2 && read().peers.every(({ app }) => app !== ""));
    return read().peers;
  });
  const ids = await Promise.all(
    [leader, third].map((page) => page.evaluate(() => (window as unknown as Started).tabweave.tab)),
  );
  const common = { visible: true, asleep: false, protocol: 1 };
  expect([...peers].sort((a, b) => a.app.localeCompare(b.app))).toEqual([
    { ...common, tab: ids[0], leads: true, app: "7" },
    { ...common, tab: ids[1], leads: false, app: "9" },
  ]);
  const crashed = third.waitForEvent("crash");
  const session = await context.newCDPSession(third);
  // Never answered: its page is gone.
  session.send("Page.crash").catch(() => {});
  await crashed;
  const sinceMs = Date.now();
  await second.evaluate(async () => {
    const { tabweave } = window as unknown as Started;
    await window.stage.until(() => tabweave.connectivity.getSnapshot().peers.length === 1);
  });
  expect(Date.now() - sinceMs).toBeLessThan(3_000);
});

test("leadership is told with its epoch, and its end too", async () => {
  const context = await site.context();
  const page = await site.page(context);
  const seen = await page.evaluate(async () => {
    const { client, until } = window.stage;
    const tabweave = client({ identity: "ann" });
    const changes: Array<import("tabweave").LeadershipChange> = [];
    const stop = tabweave.onLeadershipChange((change) => changes.push(change));
    await until(() => changes.length === 1);
    const { epoch, transport, storage, updateAvailable } = tabweave.connectivity.getSnapshot();
    tabweave.setIdentity("bob");
    await until(() => changes.length === 3);
    stop();
    tabweave.close();
    return { changes, epoch, transport, storage, updateAvailable };
  });
  expect(seen).toEqual({
    changes: [
      { leads: true, epoch: seen.epoch },
      { leads: false },
      { leads: true, epoch: expect.any(Number) },
    ],
    epoch: expect.any(Number),
    transport: "broadcast",
    storage: "indexeddb",
    updateAvailable: false,
  });
});
