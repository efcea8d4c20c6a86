import type { Browser } from "puppeteer-core";
import { beforeAll, describe, expect, test } from "vitest";
import { launch } from "./browser.js";
import { freeze } from "./frozen.js";
import { type Build, newerBuild } from "./newer.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

const START_MS_MAX = 1_000;

let build: Build;
beforeAll(async () => {
  build = await newerBuild();
}, 300_000);

const newerTab = (browser: Browser, site: Site, role: "leader" | "follower") =>
  Tab.started(browser, site, role, undefined, "newer/");

const stored = (tab: Tab) => tab.page.evaluate(() => window.mesh.store.read());

/** The records that only the newer build can read. */
async function newerRecords(tab: Tab): Promise<Record<string, string>> {
  const { records } = await stored(tab);
  return Object.fromEntries(Object.entries(records).filter(([, text]) => text.startsWith('{"schema":2,')));
}

/** Waits until a tab says that a reload brings something newer, for these reasons and no others. */
async function saysReload(tab: Tab, ...reasons: string[]): Promise<void> {
  const told = async () => {
    const { connectivity, diagnostics } = await tab.page.evaluate(() => {
      const { client } = window.mesh;
      return {
        connectivity: client.connectivity.getSnapshot(),
        diagnostics: client.diagnostics.getSnapshot().map(({ code }) => code as string),
      };
    });
    return { reload: connectivity.updateAvailable, reasons: [...new Set(diagnostics)].sort() };
  };
  await expect.poll(told, { timeout: 10_000 }).toEqual({ reload: true, reasons });
}

const publish = (tab: Tab, key: string) =>
  tab.page.evaluate(async (key) => {
    await window.mesh.client.topic("drafts", { durable: true }).publish(key, "a draft").persisted;
  }, key);

describe("two builds of the app in one browser", () => {
  test("beside a frozen older tab a newer one works within a second; thawed, the older undoes nothing", async () => {
    const site = await Site.open(build);
    const browser = await launch();
    const older = await Tab.started(browser, site, "leader");
    const beside = await Tab.open(browser, site);
    site.hold();
    await older.send("first", "second", "third");
    await expect.poll(() => site.calls.length).toBe(1);
    await publish(older, "by the older");
    await freeze(older, beside);

    const openedAt = Date.now();
    const newer = await newerTab(browser, site, "leader");
    const usable = await newer.page.evaluate(async () => {
      const { client, send, texts, until } = window.mesh;
      const drafts = client.topic("drafts", { durable: true });
      await until(() => texts()?.length === 3 && drafts.getSnapshot().has("by the older"));
      const shown = texts();
      await client.mutate(send, { text: "by the newer" }).persisted;
      return { shown, at: Date.now() };
    });
    console.log(`a newer build beside a frozen older one: usable after ${usable.at - openedAt} ms`);
    expect(usable.at - openedAt).toBeLessThan(START_MS_MAX);
    expect(usable.shown).toEqual(["first", "second", "third"]);
    // What the older one has under way is answered into the frozen page.
    site.release();
    await newer.isIdle();
    await publish(newer, "by the newer");
    const written = await newerRecords(newer);
    // Four operations, the cached list and the entry.
    expect(Object.keys(written)).toHaveLength(6);

    await older.setFrozen(false);
    await saysReload(older, "protocol_mismatch", "record_unreadable");
    await older.isIdle();
    // What it does now is in nobody's way: a result of the server, an entry, and an operation.
    await older.page.evaluate(() => window.mesh.refresh());
    await publish(older, "by the older, later");
    await older.send("later");
    await older.isIdle();
    await older.is("leader");
    expect(await newerRecords(newer)).toEqual(written);
    expect((await stored(newer)).version).toBe(1);
    expect(site.notes).toEqual(["first", "second", "third", "by the newer", "later"]);
    // The first was under way when its tab was frozen.
    expect(site.calls.map(({ text }) => text).filter((text) => text !== "first")).toEqual(
      site.notes.slice(1),
    );
  });

  test("both awake, each gets its operations done, once, and says so of the other", async () => {
    const site = await Site.open(build);
    const browser = await launch();
    const older = await Tab.started(browser, site, "leader");
    const newer = await newerTab(browser, site, "follower");
    await saysReload(older, "protocol_mismatch");
    const from = Date.now();
    await newer.send("by the newer");
    await newer.isIdle();
    console.log(`from a leader of an older build to one of a newer: ${Date.now() - from} ms`);
    await older.send("by the older");
    await older.isIdle();
    await newer.send("by the newer again");
    await newer.isIdle();
    expect(site.calls.map(({ text }) => text)).toEqual([
      "by the newer",
      "by the older",
      "by the newer again",
    ]);
    expect(await newer.page.evaluate(() => window.mesh.client.connectivity.getSnapshot())).toMatchObject({
      updateAvailable: false,
    });
  });

  test("an older tab leaves alone what a newer one has left behind, and the next newer one goes on with it", async () => {
    const site = await Site.open(build);
    const browser = await launch();
    const newer = await newerTab(browser, site, "leader");
    await newer.page.evaluate(() => window.mesh.source.setConnected(false));
    await newer.send("offline");
    await publish(newer, "by the newer");
    await expect.poll(async () => Object.keys(await newerRecords(newer)).length).toBe(3);
    const left = await newerRecords(newer);
    await newer.page.close();

    const older = await Tab.started(browser, site, "leader");
    await saysReload(older, "record_unreadable");
    await older.page.evaluate(() => window.mesh.refresh());
    await publish(older, "by the older");
    await older.send("by the older");
    await older.isIdle();
    expect(await newerRecords(older)).toEqual(left);
    expect(site.notes).toEqual(["by the older"]);
    await older.page.close();

    const next = await newerTab(browser, site, "leader");
    await next.isIdle();
    await expect.poll(() => site.notes).toEqual(["by the older", "offline"]);
    expect(site.calls).toHaveLength(2);
  });
});
