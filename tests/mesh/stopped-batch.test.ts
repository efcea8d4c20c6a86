import { describe, expect, test } from "vitest";
import { launch } from "./browser.js";
import type { BatchKind } from "./page/batch.js";
import { goOn, rendererOf, stop } from "./renderer.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

const WRITE_MS_MAX = 100;
const WRITES = 10;

interface Scene {
  readonly site: Site;
  /** Will be stopped. */
  readonly victim: Tab;
  /** Writes meanwhile. */
  readonly sibling: Tab;
  /** Makes the victim write a batch of this kind. */
  readonly provoke: () => Promise<unknown>;
}

/** Two tabs, of which the one that writes batches of this kind is the victim. */
async function twoTabs(kind: BatchKind): Promise<Scene> {
  const site = await Site.open();
  const browser = await launch();
  const first = await Tab.started(browser, site, "leader");
  const second = await Tab.started(browser, site, "follower");
  const provocations: Record<BatchKind, () => Promise<unknown>> = {
    take: () => second.send("by the victim"),
    claim: () => first.page.evaluate(() => window.mesh.client.close()),
    transition: () => second.send("for the leader"),
    queries: () => second.page.evaluate(() => window.mesh.source.answer("notes", () => [{ id: "1" }])),
    publish: () =>
      second.page.evaluate(async () => {
        await window.mesh.client.topic("drafts", { durable: true }).publish("a", "a draft").persisted;
      }),
  };
  const [victim, sibling] = kind === "transition" ? [first, second] : [second, first];
  await sibling.page.evaluate(async () => {
    const { store } = window.mesh;
    Object.assign(window, {
      store: await store.open(await store.storeName()),
      elsewhere: await store.open("elsewhere"),
    });
  });
  return { site, victim, sibling, provoke: provocations[kind] };
}

/** How long each of some writes of this page took, one after another. */
async function writes(tab: Tab, database: "store" | "elsewhere"): Promise<number[]> {
  return tab.page.evaluate(
    async (name, count) => {
      const opened = (window as unknown as Record<string, IDBDatabase>)[name]!;
      const took: number[] = [];
      while (took.length < count) took.push(await window.mesh.store.write(opened));
      return took;
    },
    database,
    WRITES,
  );
}

describe("a tab stopped right after it asked for a commit holds up nobody: siblings write within 100 ms", () => {
  for (const kind of ["take", "claim", "transition", "queries", "publish"] as const) {
    test(`in a batch that is a ${kind}`, async () => {
      const { site, victim, sibling, provoke } = await twoTabs(kind);
      const pid = await rendererOf(victim.page);
      await victim.page.evaluate((kind) => window.mesh.waitIn(kind, "after commit"), kind);
      const provoked = provoke();
      const visitor = await site.visitor();
      expect(visitor.path).toBe(kind);
      await stop(pid);

      const took = await writes(sibling, "store");
      console.log(`writes while a tab is stopped in a ${kind}: at most ${Math.max(...took).toFixed(1)} ms`);
      expect(Math.max(...took)).toBeLessThan(WRITE_MS_MAX);

      goOn(pid);
      visitor.letThrough();
      await provoked;
      await victim.isIdle();
      expect(site.calls.length).toBe(site.notes.length);
    });
  }
});

test("stopped before it asked for the commit, a tab would hold up its siblings until it goes on", async () => {
  const { site, victim, sibling, provoke } = await twoTabs("take");
  const pid = await rendererOf(victim.page);
  await victim.page.evaluate(() => window.mesh.waitIn("take", "before commit"));
  const provoked = provoke();
  const visitor = await site.visitor();
  await stop(pid);

  let isWritten = false;
  const written = writes(sibling, "store").then(() => {
    isWritten = true;
  });
  await writes(sibling, "elsewhere");
  expect(isWritten).toBe(false);

  goOn(pid);
  visitor.letThrough();
  await Promise.all([written, provoked]);
  await victim.isIdle();
});
