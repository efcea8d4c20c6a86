// Pages that are really frozen.
import { expect } from "vitest";
import type { Tab } from "./tab.js";

/**
 * Freezes a tab and returns once it is: it was told so, and its timers stand still while those of another tab,
 * which is shown instead, run.
 */
export async function freeze(tab: Tab, shown: Tab): Promise<void> {
  await shown.page.bringToFront();
  await tab.setFrozen(true);
  await expect.poll(async () => (await tab.moments()).map(({ what }) => what)).toContain("freeze");
  const ticks = (of: Tab) => of.page.evaluate(() => window.mesh.ticks);
  const before = await ticks(tab);
  await shown.page.evaluate(async () => {
    const { mesh } = window;
    const from = mesh.ticks;
    await mesh.until(() => mesh.ticks > from + 20);
  });
  expect(await ticks(tab)).toBe(before);
}
