import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

/** Accepts one operation and tells how that went in a browser that lacks something. */
async function without(lacking: () => void): Promise<unknown> {
  const context = await site.context();
  await context.addInitScript(lacking);
  const page = await site.page(context);
  return page.evaluate(async () => {
    const { ready, rename, outcome, texts, until } = window.stage;
    const tabweave = await ready({ logger: { warn: () => {}, error: () => {} } });
    const handle = tabweave.mutate(rename, { id: "1", text: "new" });
    const shown = texts(tabweave);
    const settled = await outcome(handle.settled);
    await until(() => tabweave.diagnostics.getSnapshot().length > 0);
    const codes = tabweave.diagnostics.getSnapshot().map(({ code }) => code);
    return { shown, settled, codes: [...new Set(codes)].sort() };
  });
}

const works = { shown: ["new"], settled: { value: "done" } };

test("without Web Locks a tab works on its own, and says so", async () => {
  const seen = await without(() => Object.defineProperty(Navigator.prototype, "locks", { value: undefined }));
  expect(seen).toEqual({ ...works, codes: ["locks_missing"] });
});

test("without BroadcastChannel it works, and says so", async () => {
  const seen = await without(() => Reflect.deleteProperty(window, "BroadcastChannel"));
  expect(seen).toEqual({ ...works, codes: ["channel_missing"] });
});

test("without IndexedDB it works, and says that nothing outlives the page", async () => {
  const seen = await without(() => {
    Object.defineProperty(window, "indexedDB", { value: undefined, configurable: true });
  });
  expect(seen).toEqual({ ...works, codes: ["storage_memory"] });
});

test("without IndexedDB nothing is called saved", async () => {
  const context = await site.context();
  await context.addInitScript(() => {
    Object.defineProperty(window, "indexedDB", { value: undefined, configurable: true });
  });
  const page = await site.page(context);
  const seen = await page.evaluate(async () => {
    const { client, keep, MemorySource, outcome } = window.stage;
    const tabweave = client({ source: new MemorySource({ connected: false }) });
    const early = await outcome(tabweave.mutate(keep, 1).persisted);
    await window.stage.until(() => tabweave.connectivity.getSnapshot().role === "leader");
    return [early, await outcome(tabweave.mutate(keep, 2).persisted)];
  });
  expect(seen).toMatchObject([{ code: "storage_memory" }, { code: "storage_memory" }]);
});
