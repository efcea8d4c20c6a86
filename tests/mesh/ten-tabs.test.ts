import { expect, test } from "vitest";
import { launch } from "./browser.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

const TABS = 10;
const OPERATIONS_EACH = 20;

test("ten tabs opened at once: one leads, all show the same, 200 operations run once each", async () => {
  const site = await Site.open();
  const browser = await launch();
  const tabs = await Promise.all(Array.from({ length: TABS }, () => Tab.open(browser, site)));
  await Promise.all(tabs.map((tab) => tab.page.evaluate(() => void window.mesh.start())));
  const ready = (tab: Tab) =>
    tab.page.evaluate(async (peers) => {
      const { mesh } = window;
      await mesh.until(() => mesh.role() !== "starting");
      await mesh.until(() => mesh.client.connectivity.getSnapshot().peers.length === peers);
      return mesh.role();
    }, TABS - 1);
  const roles = async () => (await Promise.all(tabs.map(ready))).filter((role) => role === "leader");
  await expect.poll(roles).toEqual(["leader"]);

  site.hold();
  await Promise.all(
    tabs.map((tab, number) =>
      tab.send(...Array.from({ length: OPERATIONS_EACH }, (_, at) => `${number}.${at}`)),
    ),
  );
  const shown = async (count: number) => {
    const read = (tab: Tab) =>
      tab.page.evaluate(async (length) => {
        const { mesh } = window;
        await mesh.until(() => mesh.texts()?.length === length);
        return mesh.texts();
      }, count);
    return Promise.all(tabs.map(read));
  };
  const [first, ...others] = await shown(TABS * OPERATIONS_EACH);
  for (const other of others) expect(other).toEqual(first);

  site.release();
  for (const tab of tabs) await tab.isIdle();
  expect(site.calls).toHaveLength(TABS * OPERATIONS_EACH);
  expect(new Set(site.calls.map(({ key }) => key)).size).toBe(TABS * OPERATIONS_EACH);
  expect(new Set(site.calls.map(({ tab }) => tab)).size).toBe(1);
  // What each tab did was sent in the order in which it was done there.
  for (const number of tabs.keys()) {
    const own = site.notes.filter((text) => text.startsWith(`${number}.`));
    expect(own).toEqual(Array.from({ length: OPERATIONS_EACH }, (_, at) => `${number}.${at}`));
  }
  await Promise.all(tabs.map((tab) => tab.page.evaluate(() => window.mesh.refresh())));
  for (const texts of await shown(TABS * OPERATIONS_EACH)) expect(texts).toEqual(site.notes);
}, 90_000);
