// What a tab without IndexedDB accepted is in localStorage, and outlives it there.
import type { Page } from "puppeteer-core";
import { expect, test } from "vitest";
import { launch } from "./browser.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

const withoutDatabases = () => {
  Object.defineProperty(window, "indexedDB", { value: undefined, configurable: true });
};

/** How many items the journals of all tabs hold. */
async function kept(page: Page): Promise<number> {
  return page.evaluate(
    () => Object.keys(localStorage).filter((key) => key.startsWith("tabweave-journal/")).length,
  );
}

test("reloaded without IndexedDB, a page does what it had accepted, once and in order", async () => {
  const site = await Site.open();
  const browser = await launch();
  const tab = await Tab.open(browser, site, withoutDatabases);
  site.hold();
  await tab.page.evaluate(() => void window.mesh.start());
  await tab.send("first", "second", "third");
  await expect.poll(() => site.calls.length).toBe(1);
  expect(await kept(tab.page)).toBe(3);

  await tab.page.reload();
  site.release();
  await tab.page.evaluate(() => void window.mesh.start());
  await expect.poll(() => site.notes, { timeout: 10_000 }).toEqual(["first", "second", "third"]);
  await tab.isIdle();
  await expect.poll(() => kept(tab.page)).toBe(0);
  // Only the one that was under way was sent again, under the same key.
  expect([site.callsOf("second").length, site.callsOf("third").length]).toEqual([1, 1]);
  expect(new Set(site.callsOf("first").map(({ key }) => key)).size).toBe(1);
});

test("of several tabs without IndexedDB one takes over what a crashed one had accepted", async () => {
  const site = await Site.open();
  const browser = await launch();
  const victim = await Tab.started(browser, site, "leader", withoutDatabases);
  site.hold();
  await victim.send("first", "second");
  await expect.poll(() => site.calls.length).toBe(1);
  await victim.crash();
  site.release();
  const heirs = await Promise.all([1, 2].map(() => Tab.open(browser, site, withoutDatabases)));
  for (const heir of heirs) await heir.page.evaluate(() => void window.mesh.start());
  await expect.poll(() => site.notes, { timeout: 20_000 }).toEqual(["first", "second"]);
  await expect.poll(() => kept(heirs[0]!.page)).toBe(0);
  expect(site.callsOf("second")).toHaveLength(1);
});

test("a tab that has IndexedDB again takes over what one without had accepted", async () => {
  const site = await Site.open();
  const browser = await launch();
  const victim = await Tab.started(browser, site, "leader", withoutDatabases);
  site.hold();
  await victim.send("first", "second");
  await expect.poll(() => site.calls.length).toBe(1);
  await victim.crash();
  site.release();
  const heir = await Tab.started(browser, site, "leader");
  await expect.poll(() => site.notes, { timeout: 20_000 }).toEqual(["first", "second"]);
  await heir.isIdle();
  await expect.poll(() => kept(heir.page)).toBe(0);
  expect(site.callsOf("second")).toHaveLength(1);
});
