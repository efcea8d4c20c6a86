import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

/** The system's browser: Playwright's own is not downloaded. */
const SYSTEM_BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const launchOptions = {
  executablePath:
    process.env.CHROME || SYSTEM_BROWSERS.find((path) => existsSync(path)) || "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

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
