import { describe, expect, test } from "vitest";
import { launch } from "./browser.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

/** Works in a tab without a store, and tells what it came to once it has said this. */
async function workWithout(lacking: () => void, code: string) {
  const site = await Site.open();
  const browser = await launch();
  const tab = await Tab.started(browser, site, "leader", lacking);
  await tab.page.evaluate(() => {
    window.mesh.client.mutate(window.mesh.send, { text: "in memory" });
  });
  await tab.isIdle();
  const codes = await tab.page.evaluate(async (code) => {
    const { mesh } = window;
    const read = () => mesh.client.diagnostics.getSnapshot().map(({ code }) => code as string);
    await mesh.until(() => read().includes(code));
    return read();
  }, code);
  return { notes: site.notes, codes: [...new Set(codes)] };
}

describe("a tab whose browser has no database works, and says so", () => {
  test("where there is none", async () => {
    const seen = await workWithout(() => {
      Object.defineProperty(window, "indexedDB", { value: undefined, configurable: true });
    }, "storage_local");
    expect(seen).toEqual({ notes: ["in memory"], codes: ["storage_local"] });
  });

  test("where opening one is forbidden", async () => {
    const seen = await workWithout(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException("blocked", "SecurityError");
      };
    }, "storage_local");
    expect(seen).toEqual({ notes: ["in memory"], codes: ["storage_local"] });
  });
});
