// A browser with a profile of its own on disk, as people have: fresh contexts run another IndexedDB backend.
import { existsSync } from "node:fs";
import puppeteer, { type Browser } from "puppeteer-core";
import { onTestFinished } from "vitest";
import { continueAll } from "./renderer.js";

const SYSTEM_BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * Starts a browser that ends with the test. Puppeteer, because under Playwright a page is never hidden and
 * never really frozen.
 */
export async function launch(): Promise<Browser> {
  const browser = await puppeteer.launch({
    executablePath:
      process.env.CHROME || SYSTEM_BROWSERS.find((path) => existsSync(path)) || "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-component-update",
      // A renderer that waits for its first page would be taken for that of a tab.
      "--disable-features=SpareRendererForSitePerProcess",
    ],
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
  onTestFinished(async () => {
    // A stopped process can neither answer nor end.
    continueAll();
    await browser.close();
  });
  return browser;
}
