// The ways into the back/forward cache and out of it.
import { expect } from "vitest";
import type { Site } from "./site.js";
import type { Tab } from "./tab.js";

/** Leaves for another page of the site. */
export async function leave(tab: Tab, site: Site): Promise<void> {
  await tab.page.goto(`${site.address}elsewhere`);
}

/** Goes back, and tells whether the page that is shown again is the one that was left. */
export async function goBack(tab: Tab): Promise<boolean> {
  const { page } = tab;
  // A restored page never loads, so nothing but the page itself tells when it is there.
  await page.evaluate(() => history.back()).catch(() => {});
  await expect
    .poll(() => page.evaluate(() => "mesh" in window).catch(() => false), { timeout: 10_000 })
    .toBe(true);
  await expect
    .poll(async () => (await tab.moments()).some(({ what }) => what.startsWith("pageshow")))
    .toBe(true);
  return page.evaluate(() => window.mesh.wasKept());
}
