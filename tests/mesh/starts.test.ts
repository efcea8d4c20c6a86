import { expect, test } from "vitest";
import { launch } from "./browser.js";
import type { Reign } from "./page/crowd.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

// 25 starts at once: 5 engines in each of 5 tabs.
const TABS = 5;
const ENGINES_EACH = 5;
const AT_ONCE = TABS * ENGINES_EACH;

/** No epoch was led by two. */
function expectOneLeaderAnEpoch(reigns: readonly Reign[]): void {
  const leaders = new Map<number, Set<string>>();
  for (const { epoch, tab } of reigns) leaders.set(epoch, (leaders.get(epoch) ?? new Set()).add(tab));
  expect([...leaders].filter(([, tabs]) => tabs.size > 1)).toEqual([]);
}

async function openTabs(prepare?: () => void): Promise<Tab[]> {
  const site = await Site.open();
  const browser = await launch();
  return Promise.all(Array.from({ length: TABS }, () => Tab.open(browser, site, prepare)));
}

test("engines that start at the same time lead one after another, each under an epoch of its own", async () => {
  const tabs = await openTabs();
  let leaderships = 0;
  for (let round = 1; round <= 10; round += 1) {
    // Each gives up the lead as soon as it has it.
    const start = (tab: Tab) =>
      tab.page.evaluate(
        async (count, namespace) => {
          const reigns: Reign[] = [];
          window.mesh.startCrowd(count, namespace, (reign, client) => {
            reigns.push(reign);
            client.close();
          });
          await window.mesh.until(() => reigns.length === count);
          return reigns;
        },
        ENGINES_EACH,
        `round ${round}`,
      );
    const reigns = (await Promise.all(tabs.map(start))).flat();
    expectOneLeaderAnEpoch(reigns);
    expect(new Set(reigns.map(({ tab }) => tab)).size).toBe(AT_ONCE);
    leaderships += reigns.length;
  }
  expect(leaderships).toBe(10 * AT_ONCE);
});

/** The browser grants the leader's lock to everybody who asks: only the store's fence is left. */
function grantToAll(): void {
  const real = LockManager.prototype.request as (...args: unknown[]) => Promise<unknown>;
  Object.assign(LockManager.prototype, {
    request(this: LockManager, name: string, ...rest: unknown[]) {
      if (!name.endsWith("/leader")) return real.call(this, name, ...rest);
      const granted = rest.at(-1) as (lock: unknown) => Promise<unknown>;
      return Promise.resolve().then(() => granted({ name, mode: "exclusive" }));
    },
  });
}

test("1,000 engines that all believe to hold the lock never lead two under one epoch", async () => {
  const tabs = await openTabs(grantToAll);
  const EPOCHS = 5;
  const ROUNDS = 40;
  let claimants = 0;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const start = (tab: Tab) =>
      tab.page.evaluate(
        async (count, namespace, epochs) => {
          const reigns: Reign[] = [];
          const clients = window.mesh.startCrowd(count, namespace, (reign) => void reigns.push(reign));
          // Whoever lost an epoch tries for the next; the round ends when this tab has seen some of them won.
          const isOver = () => reigns.some(({ epoch }) => epoch >= epochs) || reigns.length >= epochs;
          await window.mesh.until(isOver);
          for (const client of clients) client.close();
          return reigns;
        },
        ENGINES_EACH,
        `round ${round}`,
        EPOCHS,
      );
    const reigns = (await Promise.all(tabs.map(start))).flat();
    expectOneLeaderAnEpoch(reigns);
    expect(Math.max(...reigns.map(({ epoch }) => epoch))).toBeGreaterThanOrEqual(EPOCHS);
    claimants += AT_ONCE;
  }
  expect(claimants).toBe(1_000);
}, 90_000);
