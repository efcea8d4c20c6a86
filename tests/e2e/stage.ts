// What every story starts with: a browser with an empty past, a server of its own, and the built page.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, test as base, chromium } from "@playwright/test";
import { Backend } from "./backend.js";
import { launchOptions } from "./playwright.config.js";
import { Site } from "./site.js";

/** Where the browser keeps things: people's profiles are on disk and use another IndexedDB than fresh contexts. */
export type Profile = "fresh context" | "persistent profile";

export const PROFILES: readonly Profile[] = ["fresh context", "persistent profile"];

type Stage = { profile: Profile; context: BrowserContext; backend: Backend };

export const test = base.extend<Stage, { site: Site }>({
  profile: ["fresh context", { option: true }],

  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs out of a pattern.
    async ({}, use) => {
      const site = await Site.open();
      await use(site);
      await site.close();
    },
    { scope: "worker" },
  ],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs out of a pattern.
  backend: async ({}, use) => {
    const backend = await Backend.start();
    await use(backend);
    await backend.stop();
  },

  context: async ({ profile, browser }, use) => {
    if (profile === "fresh context") {
      const context = await browser.newContext();
      await use(context);
      await context.close();
      return;
    }
    const folder = await mkdtemp(join(tmpdir(), "tabweave-profile-"));
    const context = await chromium.launchPersistentContext(folder, launchOptions);
    await use(context);
    await context.close();
    await rm(folder, { recursive: true, force: true });
  },
});

export { expect } from "@playwright/test";
