import type { Page } from "@playwright/test";
import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

/** Kills the page's renderer in the very task in which it accepted an operation. */
async function crashAfterKeeping(page: Page, argument: string): Promise<void> {
  const crashed = page.waitForEvent("crash");
  const session = await page.context().newCDPSession(page);
  const called = new Promise((resolve) => session.once("Runtime.bindingCalled", resolve));
  await session.send("Runtime.enable");
  await session.send("Runtime.addBinding", { name: "called" });
  const expression = `tabweave.mutate(stage.keep, ${JSON.stringify(argument)}); called(""); for (;;);`;
  // Neither of the two is ever answered: their page is gone.
  session.send("Runtime.evaluate", { expression }).catch(() => {});
  await called;
  session.send("Page.crash").catch(() => {});
  await crashed;
}

async function journals(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const databases = await indexedDB.databases();
    return databases.map(({ name }) => name ?? "").filter((name) => name.startsWith("tabweave-journal/"));
  });
}

/** How many operations the shared store holds; 0 as long as there is none. */
async function storedOperations(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const name = "tabweave/memory/anonymous/store";
    const databases = await indexedDB.databases();
    if (!databases.some((database) => database.name === name)) return 0;
    return await new Promise<number>((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const counting = request.result.transaction("operations").objectStore("operations").count();
        counting.onsuccess = () => {
          request.result.close();
          resolve(counting.result);
        };
      };
    });
  });
}

test("another tab sends what a tab accepted right before it crashed", async () => {
  const context = await site.context();
  const survivor = await site.page(context);
  await survivor.evaluate(async () => {
    await window.stage.ready();
  });
  const victim = await site.page(context);
  await victim.evaluate(async () => {
    const { client, until } = window.stage;
    const tabweave = client({ source: new window.stage.MemorySource() });
    await until(() => tabweave.connectivity.getSnapshot().role === "follower");
    Object.assign(window, { tabweave });
  });
  await crashAfterKeeping(victim, "last words");
  const calls = await survivor.evaluate(async () => {
    const { server, until } = window.stage;
    await until(() => server.calls.length === 1);
    return server.calls.map(({ args }) => args);
  });
  expect(calls).toEqual(["last words"]);
  await expect.poll(() => journals(survivor)).toHaveLength(1);
});

test("a crash before the engine was ready loses nothing either", async () => {
  const context = await site.context();
  const victim = await site.page(context);
  await victim.route("**/tabweave.wasm", () => {});
  await victim.evaluate(async () => {
    const { client, keep } = window.stage;
    const tabweave = client({ source: new window.stage.MemorySource() });
    await tabweave.mutate(keep, "first").persisted;
    Object.assign(window, { tabweave });
  });
  await crashAfterKeeping(victim, "second");
  const survivor = await site.page(context);
  const calls = await survivor.evaluate(async () => {
    const { ready, server, until } = window.stage;
    await ready();
    await until(() => server.calls.length === 2);
    return server.calls.map(({ args }) => args);
  });
  expect(calls).toEqual(["first", "second"]);
});

test("a tab's own journal is emptied by the store and goes when the client is closed", async () => {
  const page = await site.page();
  const left = await page.evaluate(async () => {
    const { ready, keep, until } = window.stage;
    const tabweave = await ready();
    await tabweave.mutate(keep, 1).settled;
    const name = `tabweave-journal/memory/anonymous/${tabweave.tab}`;
    const count = () =>
      new Promise<number>((resolve) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => {
          const counting = request.result.transaction("operations").objectStore("operations").count();
          counting.onsuccess = () => {
            request.result.close();
            resolve(counting.result);
          };
        };
      });
    let counted = -1;
    while (counted !== 0) counted = await count();
    const names = async () => (await indexedDB.databases()).map((database) => database.name);
    const before = (await names()).includes(name);
    tabweave.close();
    while ((await names()).includes(name));
    await until(() => true);
    return before;
  });
  expect(left).toBe(true);
});

test("when the site's data is deleted under the page, what is not sent is written again", async () => {
  const context = await site.context();
  const page = await site.page(context);
  await page.evaluate(async () => {
    const { client, keep, MemorySource, until } = window.stage;
    const tabweave = client({ source: new MemorySource({ connected: false }) });
    await until(() => tabweave.connectivity.getSnapshot().role === "leader");
    await tabweave.mutate(keep, "kept").persisted;
    Object.assign(window, { tabweave });
  });
  const session = await context.newCDPSession(page);
  const origin = new URL(site.address).origin;
  await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "indexeddb" });
  await page.evaluate(async () => {
    const { tabweave } = window as unknown as { tabweave: import("tabweave").TabweaveClient };
    const lost = () => tabweave.diagnostics.getSnapshot().some(({ code }) => code === "store_lost");
    await window.stage.until(lost);
    await tabweave.mutate(window.stage.keep, "later").persisted;
  });
  await expect.poll(() => storedOperations(page), { timeout: 10_000 }).toBe(2);
  await page.reload();
  await page.waitForFunction(() => "stage" in window);
  const calls = await page.evaluate(async () => {
    const { ready, server, until } = window.stage;
    await ready();
    await until(() => server.calls.length === 2);
    return server.calls.map(({ args }) => args);
  });
  expect(calls).toEqual(["kept", "later"]);
});

test("a tab that opens while another one looks for the journals of the dead is not taken for one of them", async () => {
  const context = await site.context();
  const finder = await site.page(context);
  await finder.evaluate(async () => {
    const seen = { isListing: false, hasLooked: false, deleted: [] as string[] };
    const { databases, deleteDatabase } = IDBFactory.prototype;
    const { query } = LockManager.prototype;
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    IDBFactory.prototype.databases = async function () {
      seen.isListing = true;
      await gate;
      seen.hasLooked = false;
      return databases.call(this);
    };
    LockManager.prototype.query = async function () {
      const snapshot = await query.call(this);
      seen.hasLooked = true;
      return snapshot;
    };
    IDBFactory.prototype.deleteDatabase = function (name) {
      seen.deleted.push(name);
      return deleteDatabase.call(this, name);
    };
    Object.assign(window, { seen, goOn });
    const { client, MemorySource, until } = window.stage;
    client({ source: new MemorySource({ connected: false }) });
    await until(() => seen.isListing);
  });
  const late = await site.page(context);
  await late.evaluate(async () => {
    const { client, MemorySource, until } = window.stage;
    const tabweave = client({ source: new MemorySource({ connected: false }) });
    await until(() => tabweave.connectivity.getSnapshot().role === "follower");
    Object.assign(window, { tabweave });
  });
  const journal = await late.evaluate(() => {
    const { tabweave } = window as unknown as { tabweave: import("tabweave").TabweaveClient };
    return `tabweave-journal/memory/anonymous/${tabweave.tab}`;
  });
  await expect.poll(() => journals(late)).toContain(journal);
  const deleted = await finder.evaluate(async () => {
    const { seen, goOn } = window as unknown as {
      seen: { hasLooked: boolean; deleted: string[] };
      goOn(): void;
    };
    goOn();
    await window.stage.until(() => seen.hasLooked || seen.deleted.length > 0);
    // What follows on the look takes a few questions to the databases: it is over when these are answered.
    for (let question = 0; question < 30; question += 1) await indexedDB.databases();
    return seen.deleted;
  });
  expect(deleted).not.toContain(journal);
});
