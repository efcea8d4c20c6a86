import type { BrowserContext, Page } from "@playwright/test";
import { describe, expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

/** A tab with an operation `order` whose `onSettled` writes down what it is told, in this page and for all tabs. */
async function open(context: BrowserContext, connected = true): Promise<Page> {
  const page = await site.page(context);
  await page.evaluate(async (connected) => {
    const { defineOperation, createTabweave, until, server, MemorySource } = window.stage;
    const told: unknown[] = [];
    const order = defineOperation<string, string>("order", {
      idempotent: true,
      run: ({ args, key, attempt }) => {
        server.calls.push({ name: "order", key, args, attempt });
        if (args === "refused") throw Object.assign(new Error("no"), { status: 403 });
        return `${args} served`;
      },
      onSettled: async ({ id, state, result, error, args }) => {
        told.push({ id, args, state, result, code: error?.code });
        localStorage.setItem("told", `${localStorage.getItem("told") ?? ""}${args} `);
        // Until the test lets the app be through.
        await until(() => localStorage.getItem("through") === "yes");
      },
    });
    const source = new MemorySource({ connected });
    const tabweave = createTabweave({ operations: [order], source, wasm: "tabweave.wasm" });
    await until(() => tabweave.connectivity.getSnapshot().role !== "starting");
    Object.assign(window, { tabweave, order, told });
  }, connected);
  return page;
}

const told = (page: Page) => page.evaluate(() => (window as unknown as { told: unknown[] }).told);
const mutate = (page: Page, args: string) =>
  page.evaluate((args) => {
    // biome-ignore lint/suspicious/noExplicitAny: what `open` put there.
    const { tabweave, order } = window as any;
    return tabweave.mutate(order, args).persisted;
  }, args);
const isTold = (page: Page, count = 1) =>
  page.waitForFunction((count) => (window as unknown as { told: unknown[] }).told.length >= count, count);

describe("how an operation ended", () => {
  test("is told in the tab that called it, with its arguments, and in no other", async () => {
    const context = await site.context();
    const [leader, caller] = [await open(context), await open(context)];
    await mutate(caller, "tea");
    await mutate(caller, "refused");
    await isTold(caller, 2);
    expect(await told(caller)).toMatchObject([
      { args: "tea", state: "done", result: "tea served" },
      { args: "refused", state: "dead", code: "rejected" },
    ]);
    expect(await told(leader)).toEqual([]);
  });

  test("is told after a reload", async () => {
    const context = await site.context();
    const former = await open(context, false);
    await mutate(former, "tea");
    await former.close();
    const reloaded = await open(context);
    await isTold(reloaded);
    expect(await told(reloaded)).toMatchObject([{ args: "tea", state: "done", result: "tea served" }]);
  });

  test("is told once more, elsewhere, if the tab is gone before its app was through, and then no more", async () => {
    const context = await site.context();
    const [leader, caller] = [await open(context), await open(context)];
    await mutate(caller, "tea");
    await isTold(caller);
    const [first] = (await told(caller)) as [{ id: string }];
    await caller.close();
    await isTold(leader);
    expect(await told(leader)).toMatchObject([{ id: first.id, args: "tea" }]);
    await leader.evaluate(() => localStorage.setItem("through", "yes"));
    // The record says that nobody is to be told any more.
    await leader.waitForFunction(async () => {
      const name = (await indexedDB.databases())
        .map(({ name }) => name ?? "")
        .find((one) => !one.includes("journal"));
      return new Promise((resolve) => {
        indexedDB.open(name!).onsuccess = ({ target }) => {
          const database = (target as IDBOpenDBRequest).result;
          database.transaction("operations").objectStore("operations").getAll().onsuccess = (event) => {
            database.close();
            resolve(
              (event.target as IDBRequest).result.every(
                (one: { report?: string }) => one.report === undefined,
              ),
            );
          };
        };
      });
    });
    const next = await open(context);
    await mutate(next, "coffee");
    await isTold(next);
    expect(await next.evaluate(() => localStorage.getItem("told"))).toBe("tea tea coffee ");
  });

  test("waits until a person sees a tab", async () => {
    const context = await site.context();
    const page = await open(context);
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await mutate(page, "tea");
    // biome-ignore lint/suspicious/noExplicitAny: what `open` put there.
    await page.waitForFunction(() => (window as any).tabweave.outbox.getSnapshot().waiting === 0);
    expect(await told(page)).toEqual([]);
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "visible", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await isTold(page);
  });
});
