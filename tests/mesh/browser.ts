// A browser with a profile of its own on disk, as people have: fresh contexts run another IndexedDB backend.
import puppeteer, { type Browser } from "puppeteer-core";
import { onTestFinished } from "vitest";
import { executablePath, flags } from "../support/chromium.mjs";
import { continueAll } from "./renderer.js";

/**
 * Starts a browser that ends with the test. Puppeteer, because under Playwright a page is never hidden and
 * never really frozen.
 */
export async function launch(): Promise<Browser> {
  const browser = await puppeteer.launch({
    executablePath,
    // A renderer that waits for its first page would be taken for that of a tab.
    args: [...flags, "--disable-features=SpareRendererForSitePerProcess"],
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
  onTestFinished(async () => {
    // A stopped process can neither answer nor end.
    continueAll();
    await browser.close();
  });
  return browser;
}
