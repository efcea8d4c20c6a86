import type { Page } from "@playwright/test";
import { expect, test } from "vitest";
import { Site } from "../browser/site.js";
import type {} from "../pages/recovery.js";

const site = Site.forThisFile("recovery.tsx");

const LEFTOVERS_KEY = "live-interaction-offline-queue";

/** What an earlier version of the app left, as JSON, before the client is made. */
async function leave(page: Page, left: string): Promise<void> {
  await page.evaluate(([key, text]) => localStorage.setItem(key, text), [LEFTOVERS_KEY, left] as const);
}

const left = (page: Page) => page.evaluate((key) => localStorage.getItem(key), LEFTOVERS_KEY);

const entry = (id: string, more: object = {}) => ({
  ...{ id, type: "keep", interactionId: "i1", data: { text: id }, timestamp: 5, retryCount: 2 },
  ...{ priority: "high" },
  ...more,
});

/** Offline, or about to be; nothing is sent until the source says that it is connected. */
async function startOffline(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { client, MemorySource, until } = window.stage;
    const source = new MemorySource({ connected: false });
    const tabweave = client({ source });
    Object.assign(window, { source, tabweave });
    await until(() => tabweave.connectivity.getSnapshot().role !== "starting");
    window.recovery.errorRecoveryManager.getState();
  });
}

declare global {
  interface Window {
    readonly source: InstanceType<typeof window.stage.MemorySource>;
    readonly tabweave: import("tabweave").TabweaveClient;
  }
}

test("an action that is added offline outlives the page, keeps its label, and is run once when the server is back", async () => {
  const page = await site.page();
  await startOffline(page);
  const id = await page.evaluate(() =>
    window.recovery.errorRecoveryManager.addOfflineAction({
      type: "keep",
      interactionId: "i1",
      data: { text: "hello" },
      priority: "critical",
    }),
  );
  await page.evaluate(() => window.stage.until(() => window.recovery.actions().length === 1));
  await page.reload();
  await page.waitForFunction(() => "stage" in window);
  await startOffline(page);
  const seen = await page.evaluate(async () => {
    const { until, server } = window.stage;
    const { actions, offlineActionQueue, errorRecoveryManager: manager } = window.recovery;
    await until(() => actions().length === 1 && offlineActionQueue.getQueueStats().byPriority.critical === 1);
    const listed = {
      actions: actions(),
      state: manager.getState(),
      stats: offlineActionQueue.getQueueStats(),
    };
    const [action] = offlineActionQueue.getActionsByPriority("critical");
    window.source.setConnected(true);
    await until(() => manager.getPendingOperationsCount() === 0);
    await until(() => manager.getState().lastSyncTime > 0);
    // Nothing is left of the label, either.
    const labels = window.tabweave.topic("tabweave/offline-actions", { durable: true });
    await until(() => labels.getSnapshot().size === 0);
    return { ...listed, id: action?.id, calls: server.calls, after: manager.getState(), now: Date.now() };
  });
  const data = { text: "hello" };
  expect(seen).toMatchObject({
    id,
    actions: [{ type: "keep", interactionId: "i1", data, priority: "critical", retryCount: 0 }],
    stats: { total: 1, byPriority: { low: 0, medium: 0, high: 0, critical: 1 } },
    state: { isOnline: false, hasOfflineActions: true, offlineActionCount: 1, syncStatus: "syncing" },
    calls: [{ name: "keep", key: id, args: data }],
    after: { isOnline: true, hasOfflineActions: false, offlineActionCount: 0, syncStatus: "synced" },
  });
  expect(seen.after.lastSyncTime).toBeLessThanOrEqual(seen.now);
});

test("an action that nothing is registered for is refused, told, and never counts", async () => {
  const page = await site.page();
  await startOffline(page);
  const seen = await page.evaluate(async () => {
    const { errorRecoveryManager: manager, codeOf, codes } = window.recovery;
    const code = await codeOf(() =>
      manager.addOfflineAction({ type: "nobody", interactionId: "i1", data: 1 }),
    );
    return {
      code,
      codes: codes(),
      count: manager.getPendingOperationsCount(),
      asked: await manager.processOfflineQueue(),
    };
  });
  expect(seen).toEqual({ code: "no_handler", codes: ["no_handler"], count: 0, asked: 0 });
});

test("an action that the client refuses is refused in the call", async () => {
  const page = await site.page();
  await startOffline(page);
  const seen = await page.evaluate(async () => {
    const { offlineActionQueue: queue, codeOf } = window.recovery;
    const add = (action: object) =>
      codeOf(() => queue.addAction({ type: "keep", interactionId: "i1", data: 1, ...action }));
    const codes = [await add({ data: () => 1 }), await add({ type: "explode", data: { why: 1 } })];
    codes.push(await add({ priority: "urgent" }), await add({ interactionId: 7 }));
    window.tabweave.setIdentity(undefined);
    codes.push(await add({}));
    window.tabweave.close();
    codes.push(await add({}));
    return codes;
  });
  expect(seen).toEqual([
    "args_not_cloneable",
    "optimistic_threw",
    "invalid_option",
    "invalid_option",
    "identity_unknown",
    "client_missing",
  ]);
});

test("a dead letter is an error, and is tried again when a person asks", async () => {
  const page = await site.page();
  await startOffline(page);
  const seen = await page.evaluate(async () => {
    const { until, server } = window.stage;
    const { errorRecoveryManager: manager } = window.recovery;
    server.answer = () => {
      throw Object.assign(new Error("no"), { status: 422 });
    };
    window.source.setConnected(true);
    manager.addOfflineAction({ type: "keep", interactionId: "i1", data: 1 });
    await until(() => manager.getState().syncStatus === "error");
    const dead = { count: manager.getPendingOperationsCount(), calls: server.calls.length };
    server.answer = () => "done";
    const asked = [await manager.processOfflineQueue(), await manager.retryPendingOperations()];
    await until(() => manager.getState().syncStatus === "synced");
    return { dead, asked, calls: server.calls.length };
  });
  expect(seen).toEqual({ dead: { count: 0, calls: 1 }, asked: [0, 1], calls: 2 });
});

test("pending actions can be withdrawn, one or all", async () => {
  const page = await site.page();
  await startOffline(page);
  const seen = await page.evaluate(async () => {
    const { until, server } = window.stage;
    const { errorRecoveryManager: manager, offlineActionQueue: queue } = window.recovery;
    const add = (data: number) => queue.addAction({ type: "keep", interactionId: "i1", data });
    const [first = ""] = [add(1), add(2), add(3)];
    // Not before it is stored.
    await until(() => queue.removeAction(first));
    await until(() => queue.getQueueStats().total === 2);
    const again = queue.removeAction(first);
    const cleared: number[] = [];
    await until(() => {
      cleared.push(manager.clearPendingOperations({ discard: true }));
      return queue.getQueueStats().total === 0;
    });
    window.source.setConnected(true);
    return {
      again,
      cleared: cleared.some((count) => count > 0),
      left: manager.clearPendingOperations({ discard: true }),
      calls: server.calls.length,
      dead: window.tabweave.outbox.getSnapshot().dead.length,
    };
  });
  expect(seen).toEqual({ again: false, cleared: true, left: 0, calls: 0, dead: 0 });
});

test("pending actions that are cleared are kept as dead letters, and can be tried again", async () => {
  const page = await site.page();
  await startOffline(page);
  const seen = await page.evaluate(async () => {
    const { until, server } = window.stage;
    const { errorRecoveryManager: manager, offlineActionQueue: queue } = window.recovery;
    const { outbox } = window.tabweave;
    for (const data of [1, 2]) queue.addAction({ type: "keep", interactionId: "i1", data });
    await until(() => {
      queue.clearQueue();
      return manager.getPendingOperationsCount() === 0;
    });
    const dead = outbox.getSnapshot().dead.map(({ state, error, args }) => [state, error?.code, args]);
    window.source.setConnected(true);
    const { syncStatus, offlineActionCount } = manager.getState();
    const asked = [await manager.processOfflineQueue(), await manager.retryPendingOperations()];
    await until(() => server.calls.length === 2 && manager.getState().syncStatus === "synced");
    return { dead, syncStatus, offlineActionCount, asked };
  });
  expect(seen).toEqual({
    dead: [
      ["dead", "set_aside", 1],
      ["dead", "set_aside", 2],
    ],
    syncStatus: "error",
    offlineActionCount: 0,
    asked: [0, 2],
  });
});

test("a component shows what happens, and renders again only then", async () => {
  const page = await site.page();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  await startOffline(page);
  const renders = await page.evaluate(async () => {
    const { until } = window.stage;
    const { errorRecoveryManager: manager, showBar } = window.recovery;
    const shown = showBar();
    const last = () => shown.at(-1);
    manager.addOfflineAction({ type: "keep", interactionId: "i1", data: 1 });
    await until(() => last() === "false 1 syncing 0");
    window.source.setConnected(true);
    await until(() => last() === "true 0 synced 0");
    await manager.handleError(new Error("x"));
    await until(() => last() === "true 0 synced 1");
    manager.clearErrorHistory();
    await until(() => last() === "true 0 synced 0");
    return shown;
  });
  const changes = renders.filter((render, index) => render !== renders[index - 1]);
  expect(changes[0]).toBe("false 0 synced 0");
  // StrictMode renders twice; nothing renders for what the component does not show.
  expect(renders.length).toBeLessThanOrEqual(changes.length * 2);
  expect(said).toEqual([]);
});

test("what an earlier version left is taken over once, in order, by whichever of two tabs comes first", async () => {
  const context = await site.context();
  const pages = [await site.page(context), await site.page(context)];
  const entries = [
    entry("a"),
    entry("b", { priority: "nonsense" }),
    entry("c"),
    entry("b", { priority: "nonsense" }),
  ];
  for (const page of pages.slice(0, 1)) await leave(page, JSON.stringify(entries));
  await Promise.all(pages.map(startOffline));
  const seen = await Promise.all(
    pages.map((page) =>
      page.evaluate(async (key) => {
        await window.stage.until(
          () => window.recovery.actions().length >= 3 && localStorage.getItem(key) === null,
        );
        return window.recovery.actions();
      }, LEFTOVERS_KEY),
    ),
  );
  const action = (id: string, priority = "high") => ({
    ...{ type: "keep", interactionId: "i1", data: { text: id }, priority, retryCount: 0 },
  });
  expect(seen).toEqual(pages.map(() => [action("a"), action("b", "medium"), action("c")]));
});

test("two tabs without locks that take over at once make one operation of an action", async () => {
  const context = await site.context();
  await context.addInitScript(() => Object.defineProperty(navigator, "locks", { value: undefined }));
  const pages = [await site.page(context), await site.page(context)];
  for (const page of pages.slice(0, 1)) await leave(page, JSON.stringify([entry("a"), entry("b")]));
  const calls = await Promise.all(
    pages.map((page) =>
      page.evaluate(async (key) => {
        const { client, MemorySource, until, server } = window.stage;
        const tabweave = client({ source: new MemorySource() });
        window.recovery.errorRecoveryManager.getState();
        await until(() => localStorage.getItem(key) === null);
        await until(() => tabweave.connectivity.getSnapshot().role !== "starting");
        const states = () => tabweave.outbox.getSnapshot().operations.map(({ state }) => state);
        await until(() => states().join() === "done,done");
        return server.calls.map(({ args }) => (args as { text: string }).text);
      }, LEFTOVERS_KEY),
    ),
  );
  expect(calls.flat().sort()).toEqual(["a", "b"]);
});

test("a page with two clients has to say which one it means", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { client, MemorySource, until } = window.stage;
    const { codeOf, connectErrorRecovery, offlineActionQueue: queue } = window.recovery;
    const clients = ["a", "b"].map((namespace) =>
      client({ namespace, source: new MemorySource({ connected: false }) }),
    );
    const add = () => queue.addAction({ type: "keep", interactionId: "i1", data: 1 });
    const codes = [await codeOf(add)];
    const disconnect = connectErrorRecovery(clients[1] as (typeof clients)[number]);
    codes.push(await codeOf(add));
    await until(() => queue.getActions().length === 1);
    const counts = clients.map(({ outbox }) => outbox.getSnapshot().waiting);
    disconnect();
    codes.push(await codeOf(add));
    return { codes, counts };
  });
  expect(seen).toEqual({ codes: ["client_missing", undefined, "client_missing"], counts: [0, 1] });
});

test("an action that was taken over before a crash, and is there again, is one operation", async () => {
  const context = await site.context();
  const page = await site.page(context);
  await leave(page, JSON.stringify([entry("a")]));
  await startOffline(page);
  await page.evaluate(() => window.stage.until(() => window.recovery.actions().length === 1));
  await page.evaluate((key) => window.stage.until(() => localStorage.getItem(key) === null), LEFTOVERS_KEY);
  // As if the page had died before it was taken out.
  await leave(page, JSON.stringify([entry("a")]));
  await page.reload();
  await page.waitForFunction(() => "stage" in window);
  await startOffline(page);
  const seen = await page.evaluate(async (key) => {
    const { until, server } = window.stage;
    await until(() => localStorage.getItem(key) === null);
    window.source.setConnected(true);
    await until(() => window.recovery.errorRecoveryManager.getState().lastSyncTime > 0);
    await until(() => window.recovery.actions().length === 0);
    return server.calls.map(({ args }) => args);
  }, LEFTOVERS_KEY);
  expect(seen).toEqual([{ text: "a" }]);
});

test("what cannot be taken over stays where it is, and is told once", async () => {
  const page = await site.page();
  const kept = [entry("x", { type: "nobody" }), { type: "keep", data: 1 }, "text", null];
  await leave(page, JSON.stringify([kept[0], entry("a"), ...kept.slice(1)]));
  await startOffline(page);
  const codes = await page.evaluate(async () => {
    const { until } = window.stage;
    const { errorRecoveryManager: manager, codes: told } = window.recovery;
    await until(() => window.recovery.actions().length === 1);
    await until(() => !localStorage.getItem("live-interaction-offline-queue")?.includes('"a"'));
    await manager.processOfflineQueue();
    return told();
  });
  expect(codes).toEqual(["no_handler", "record_unreadable", "record_unreadable", "record_unreadable"]);
  expect(JSON.parse((await left(page)) ?? "")).toEqual(kept);
});

test.each(["{broken", '{"a":1}', "7"])("a queue that is no list stays where it is: %s", async (text) => {
  const page = await site.page();
  await leave(page, text);
  await startOffline(page);
  const codes = await page.evaluate(async () => {
    await window.stage.until(() => window.recovery.codes().length > 0);
    return window.recovery.codes();
  });
  expect([codes, await left(page)]).toEqual([["record_unreadable"], text]);
});

test("nothing is taken over for nobody knows whom; it is, once that is known", async () => {
  const page = await site.page();
  await leave(page, '[{"id":"a","type":"keep","data":{"__proto__":1,"text":"a"}}]');
  const seen = await page.evaluate(async () => {
    const { client, MemorySource, until } = window.stage;
    const source = new MemorySource();
    const tabweave = client({ source, identity: undefined });
    const { errorRecoveryManager: manager } = window.recovery;
    await manager.processOfflineQueue();
    const before = localStorage.getItem("live-interaction-offline-queue") !== null;
    tabweave.setIdentity("anna");
    await until(() => window.stage.server.calls.length === 1);
    await until(() => localStorage.getItem("live-interaction-offline-queue") === null);
    const args = window.stage.server.calls[0]?.args as object;
    return { before, keys: Object.keys(args), proto: Object.getPrototypeOf(args) === Object.prototype };
  });
  expect(seen).toEqual({ before: true, keys: ["__proto__", "text"], proto: true });
});
