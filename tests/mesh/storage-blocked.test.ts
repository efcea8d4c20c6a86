import { describe, expect, test } from "vitest";
import { launch } from "./browser.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

/** Works in a tab without a store, and tells what it came to. */
async function workWithout(lacking: () => void) {
  const site = await Site.open();
  const browser = await launch();
  const tab = await Tab.started(browser, site, "leader", lacking);
  await tab.page.evaluate(() => {
    window.mesh.client.mutate(window.mesh.send, { text: "in memory" });
  });
  await tab.isIdle();
  const codes = await tab.page.evaluate(async () => {
    const { mesh } = window;
    const read = () => mesh.client.diagnostics.getSnapshot().map(({ code }) => code as string);
    await mesh.until(() => read().includes("storage_memory"));
    return read();
  });
  return { notes: site.notes, codes: [...new Set(codes)] };
}

describe("a tab whose browser keeps nothing works until it is closed, and says so", () => {
  test("where there is no IndexedDB", async () => {
    const seen = await workWithout(() => {
      Object.defineProperty(window, "indexedDB", { value: undefined, configurable: true });
    });
    expect(seen).toEqual({ notes: ["in memory"], codes: ["storage_memory"] });
  });

  test("where opening a database is forbidden", async () => {
    const seen = await workWithout(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException("blocked", "SecurityError");
      };
    });
    expect(seen.notes).toEqual(["in memory"]);
    expect(seen.codes).toContain("storage_memory");
  });
});
