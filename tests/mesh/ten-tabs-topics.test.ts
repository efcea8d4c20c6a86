import { expect, test } from "vitest";
import { launch } from "./browser.js";
import type { Kind, Shown } from "./page/topics.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

const TABS = 10;

/** A tab that watches and writes both topics; where there is no connection, nothing is known but what is stored. */
async function opened(tab: Tab, number: number, connected: boolean): Promise<void> {
  await tab.page.evaluate(
    async (number, connected) => {
      const { mesh } = window;
      mesh.source.setConnected(connected);
      mesh.start();
      mesh.watchBoard(number);
      await mesh.until(() => mesh.role() !== "starting");
    },
    number,
    connected,
  );
}

const shown = (tab: Tab, kind: Kind): Promise<Shown> =>
  tab.page.evaluate((kind) => window.mesh.board.shown(kind), kind);

/** What the store holds of the durable topic: the latest entry of each key, unless it was removed. */
async function storedEntries(tab: Tab): Promise<Shown> {
  const { records } = await tab.page.evaluate(() => window.mesh.store.read());
  const latest: Shown = {};
  // The keys of the records are in the order of topic, key and stamp.
  for (const text of Object.values(records)) {
    const { entry } = JSON.parse(text);
    if (entry === undefined) continue;
    const [, key, , , , mark] = entry;
    delete latest[key];
    if (mark !== undefined) latest[key] = `${mark.by}.${mark.at}`;
  }
  return latest;
}

test("ten tabs write into two topics at once: all show the same in the end, and nothing twice", async () => {
  const site = await Site.open();
  const browser = await launch();
  const tabs = await Promise.all(Array.from({ length: TABS }, () => Tab.open(browser, site)));
  await Promise.all(tabs.map((tab, number) => opened(tab, number, true)));
  const each = <Result>(act: (tab: Tab) => Promise<Result>) => Promise.all(tabs.map(act));
  await each((tab) => tab.page.evaluate(() => window.mesh.board.scribble()));
  await each((tab) => tab.page.evaluate(() => window.mesh.board.finish()));
  await each((tab) =>
    tab.page.evaluate((count) => window.mesh.until(() => window.mesh.board.hasFinished(count)), TABS),
  );

  const stored = await storedEntries(tabs[0]!);
  expect(Object.keys(stored)).toContain("key 1");
  expect(Object.keys(stored)).not.toContain("key 0");
  for (const durable of await each((tab) => shown(tab, "durable"))) expect(durable).toEqual(stored);
  const [ephemeral, ...others] = await each((tab) => shown(tab, "ephemeral"));
  expect(Object.keys(ephemeral!)).toContain("key 1");
  expect(Object.keys(ephemeral!)).not.toContain("key 0");
  for (const other of others) expect(other).toEqual(ephemeral);
  for (const told of await each((tab) => tab.page.evaluate(() => window.mesh.board.told))) {
    expect(told.length).toBeGreaterThan(TABS);
    expect(told.filter((one, at) => told.indexOf(one) !== at)).toEqual([]);
  }

  const late = await Tab.open(browser, site);
  await opened(late, TABS, false);
  expect(await shown(late, "durable")).toEqual(stored);
  await expect.poll(() => shown(late, "ephemeral")).toEqual(ephemeral);
}, 90_000);
