import type { BrowserContext, Page } from "@playwright/test";
import { describe, expect, test } from "vitest";
import { Site } from "./site.js";
import { trap } from "./trap.js";

const site = Site.forThisFile("stage.ts");

const HOUR_MS = 3_600_000;
/** How much later than its stamp something may have been done, on a slow machine. */
const TEST_MS_MAX = 60_000;

interface Started {
  readonly tabweave: import("tabweave").TabweaveClient;
  readonly source: InstanceType<typeof window.stage.MemorySource>;
}

/** A page on a device whose clock is so much ahead. */
async function aheadBy(ms: number, context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript((ms) => {
    const real = Date.now;
    Date.now = () => real() + ms;
  }, ms);
  await page.goto(site.address);
  await page.waitForFunction(() => "stage" in window);
  await page.evaluate(() => {
    const { client, MemorySource } = window.stage;
    const source = new MemorySource();
    Object.assign(window, { source, tabweave: client({ source }) });
  });
  return page;
}

/** The server tells this page its time, which is right. */
const tellTime = (page: Page) =>
  page.evaluate((ms) => (window as unknown as Started).source.tellTime(ms), Date.now());

/** Publishes an entry, and returns by how much its stamp in the store is ahead of the real time. */
async function aheadIsPublished(page: Page, key: string): Promise<number> {
  const wallMs = await page.evaluate(async (key) => {
    const { tabweave } = window as unknown as Started;
    await tabweave.topic("drafts", { durable: true }).publish(key, "a draft").persisted;
    return new Promise<number>((resolve) => {
      const opened = indexedDB.open("tabweave/memory/anonymous/store");
      opened.onsuccess = () => {
        const keys = opened.result.transaction("topics").objectStore("topics").getAllKeys();
        keys.onsuccess = () => {
          opened.result.close();
          const own = (keys.result as Array<[string, string, number]>).find(([, of]) => of === key);
          resolve(own?.[2] ?? Number.NaN);
        };
      };
    });
  }, key);
  return wallMs - Date.now();
}

describe("what a device with a fast clock does is stamped with the server's time", () => {
  test("once that is told; until then with its own", async () => {
    const page = await aheadBy(HOUR_MS, await site.context());
    await page.evaluate(() =>
      window.stage.until(
        () => (window as unknown as Started).tabweave.connectivity.getSnapshot().role === "leader",
      ),
    );
    // A time that is none is not believed, and throws nothing.
    for (const none of [Number.NaN, -1, Number.POSITIVE_INFINITY, 9e15]) {
      await page.evaluate((ms) => (window as unknown as Started).source.tellTime(ms), none);
    }
    await tellTime(page);
    expect(Math.abs(await aheadIsPublished(page, "with it"))).toBeLessThan(TEST_MS_MAX);

    const other = await aheadBy(HOUR_MS, await site.context());
    expect(await aheadIsPublished(other, "without it")).toBeGreaterThan(HOUR_MS - TEST_MS_MAX);
  });

  test("told before the engine is there, and after it was made anew", async () => {
    const context = await site.context();
    let letThrough = () => {};
    const wanted = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await context.route("**/tabweave.wasm", async (route) => {
      await wanted;
      await route.continue();
    });
    const page = await aheadBy(HOUR_MS, context);
    await tellTime(page);
    letThrough();
    expect(Math.abs(await aheadIsPublished(page, "early"))).toBeLessThan(TEST_MS_MAX);
    await trap(page, "publish", 1);
    expect(Math.abs(await aheadIsPublished(page, "anew"))).toBeLessThan(TEST_MS_MAX);
    const codes = await page.evaluate(() =>
      (window as unknown as Started).tabweave.diagnostics.getSnapshot().map(({ code }) => code as string),
    );
    expect(codes).toContain("engine_crashed");
  });

  test("and one that is days ahead is not listened to, which the others say", async () => {
    const context = await site.context();
    const page = await aheadBy(0, context);
    await page.evaluate(() =>
      window.stage.until(
        () => (window as unknown as Started).tabweave.connectivity.getSnapshot().role === "leader",
      ),
    );
    const fast = await aheadBy(48 * HOUR_MS, context);
    await fast.evaluate(() => {
      (window as unknown as Started).tabweave.topic("typing", { durable: false }).publish("who", "me");
    });
    const heard = await page.evaluate(async () => {
      const { tabweave } = window as unknown as Started;
      const codes = () => tabweave.diagnostics.getSnapshot().map(({ code }) => code as string);
      await window.stage.until(() => codes().includes("clock_skewed"));
      return [...tabweave.topic("typing", { durable: false }).getSnapshot().keys()];
    });
    expect(heard).toEqual([]);
  });
});
