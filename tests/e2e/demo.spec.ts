import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type { AxeResults } from "axe-core";
import { expect, test } from "./stage.js";
import { Tab } from "./tab.js";

const LIVE = "Ambush at Heron Ford";
const PLANNED = "Night watch on the dunes";

const require = createRequire(import.meta.url);

test("the console stays empty, and no policy is violated", async ({ context, site, backend }) => {
  const campaign = await backend.campaignId("The Salt Road");
  const tab = await Tab.open(context, { site, backend, campaign });
  await tab.isReadyForOffline();
  await tab.ask(PLANNED, "Live");
  await tab.advanceTurn(LIVE);
  await tab.writeNote(LIVE, "A quiet note.");
  await tab.create("A quiet scene", "Mira Thorne, Bram Ironquill");
  await tab.waits(0);
  await tab.showsConfirmed("A quiet scene");
  await tab.reload();
  await tab.isConnected();
  await expect(tab.scene("A quiet scene")).toContainText("Bram Ironquill");
  expect(tab.complaints).toEqual([]);
});

test("a reload without network shows the page and what was last seen", async ({ context, site, backend }) => {
  const campaign = await backend.campaignId("The Salt Road");
  const tab = await Tab.open(context, { site, backend, campaign });
  await tab.isReadyForOffline();
  await context.setOffline(true);
  await backend.network("down");
  await tab.reload();
  await expect(tab.page.getByRole("heading", { level: 1, name: "The Salt Road" })).toBeVisible();
  await expect(tab.page.getByText("From your last visit.")).toBeVisible();
  await tab.shows(LIVE, "Live");
});

test("the keyboard alone changes a status", async ({ context, site, backend }) => {
  const campaign = await backend.campaignId("The Salt Road");
  const tab = await Tab.open(context, { site, backend, campaign });
  const { keyboard } = tab.page;
  await keyboard.press("Tab");
  await expect(tab.page.getByRole("link", { name: "Skip to the interactions" })).toBeFocused();
  await keyboard.press("Enter");
  const button = tab.scene(PLANNED).getByRole("button", { name: "Live", exact: true });
  for (let presses = 0; presses < 40 && !(await hasFocus(button)); presses += 1) await keyboard.press("Tab");
  await expect(button).toBeFocused();
  await keyboard.press("Space");
  await tab.shows(PLANNED, "Live");
  await expect(button).toBeFocused();
  await expect(tab.page.getByRole("log")).toContainText(`${PLANNED}: now Live.`);
  await tab.showsConfirmed(PLANNED);
  expect((await backend.scene(PLANNED)).status).toBe("live");
});

test("a player edits notes, and has nothing of the dungeon master's", async ({ context, site, backend }) => {
  const campaign = await backend.campaignId("The Salt Road");
  const tab = await Tab.open(context, { site, backend, campaign, view: "player" });
  await expect(tab.scene(LIVE).getByRole("button")).toHaveCount(1);
  await expect(tab.page.getByRole("form", { name: "New interaction" })).toHaveCount(0);
  await tab.writeNote(LIVE, "We should have paid the ferryman.");
  await tab.showsConfirmed(LIVE);
  expect((await backend.scene(LIVE)).note).toBe("We should have paid the ferryman.");
  await tab.page.getByRole("link", { name: "Dungeon master" }).click();
  await expect(tab.page).toHaveURL(/view=dungeon-master/);
  await expect(tab.scene(LIVE).getByRole("button", { name: "Paused" })).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [320, 1280]) {
    test(`axe finds nothing wrong, ${colorScheme}, ${width} px wide`, async ({ context, site, backend }) => {
      const campaign = await backend.campaignId("Beneath Castle Orrery");
      const tab = await Tab.open(context, { site, backend, campaign });
      await tab.page.emulateMedia({ colorScheme });
      await tab.page.setViewportSize({ width, height: 900 });
      expect(await violations(tab.page)).toEqual([]);

      // The busy page: something pending, something refused, the outbox and a form open.
      await tab.ask("The clockwork gate", "Live");
      await expect(tab.scene("The clockwork gate").getByText(/^Refused/)).toBeVisible();
      await backend.rule({ on: "mutation", action: "delay" });
      await tab.ask("Flight through the star wells", "Live");
      await tab.showsPending("Flight through the star wells");
      await tab.page.getByRole("button", { name: "Outbox" }).click();
      await tab
        .scene("Audience with the Blind Astronomer")
        .getByRole("button", { name: /^Edit note/ })
        .click();
      expect(await violations(tab.page)).toEqual([]);
      const overflow = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    });
  }
}

async function hasFocus(button: ReturnType<Page["getByRole"]>): Promise<boolean> {
  return await button.evaluate((element) => element === document.activeElement);
}

/** Which rule was broken where. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(require.resolve("axe-core/axe.min.js"), "utf8"));
  return await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}
