import { expect, test } from "vitest";
import { launch } from "./browser.js";
import { freeze } from "./frozen.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

/** How long a tab that crashed may stay on the list. */
const LISTED_MS_MAX = 3_000;

/** Counts how often this page looks which locks are held, before anything in it runs. */
function countLooks(): void {
  const real = LockManager.prototype.query;
  Object.assign(window, { looks: 0 });
  LockManager.prototype.query = function () {
    (window as unknown as { looks: number }).looks += 1;
    return real.call(this);
  };
}

test("a frozen tab stays on the list of tabs, asleep; one that crashes leaves it", async () => {
  const site = await Site.open();
  const browser = await launch();
  const shown = await Tab.started(browser, site, "leader", countLooks);
  const other = await Tab.started(browser, site, "follower");
  await shown.page.evaluate(() => void window.mesh.watchPeers());
  const isListed = (state: "awake" | "asleep" | "not at all") =>
    shown.page.evaluate((state) => {
      const { mesh } = window;
      const stateOf = () => mesh.peers().map(({ asleep }) => (asleep ? "asleep" : "awake"));
      return mesh.until(() => (stateOf()[0] ?? "not at all") === state);
    }, state);
  await isListed("awake");
  await freeze(other, shown);
  await isListed("asleep");
  // However often it looks, a page that exists is not gone.
  await shown.page.evaluate(async () => {
    const counted = window as unknown as { looks: number };
    const before = counted.looks;
    await window.mesh.until(() => counted.looks >= before + 3);
  });
  expect(await shown.page.evaluate(() => window.mesh.peers())).toMatchObject([{ asleep: true }]);
  await other.setFrozen(false);
  await isListed("awake");
  await other.crash();
  const crashedAt = Date.now();
  await isListed("not at all");
  expect(Date.now() - crashedAt).toBeLessThan(LISTED_MS_MAX);
});
