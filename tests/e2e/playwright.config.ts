import { defineConfig } from "@playwright/test";
import { executablePath, flags } from "../support/chromium.mjs";

export const launchOptions = { executablePath, args: flags };

export default defineConfig({
  testDir: ".",
  outputDir: "../../test-results",
  // Each test has a backend of its own; more at once would only share two cores among more of them.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 40_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: { launchOptions, trace: "retain-on-failure" },
});
