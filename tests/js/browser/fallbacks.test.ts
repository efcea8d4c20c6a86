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

const withoutDatabases = () => {
  Object.defineProperty(window, "indexedDB", { value: undefined, configurable: true });
};
const withoutAnyStore = () => {
  Object.defineProperty(window, "indexedDB", { value: undefined, configurable: true });
  Object.defineProperty(window, "localStorage", {
    get: () => {
      throw new DOMException("blocked", "SecurityError");
    },
  });
};

test("without IndexedDB it works, and says that localStorage has to do", async () => {
  expect(await without(withoutDatabases)).toEqual({ ...works, codes: ["storage_local"] });
});

test("without localStorage too it works, and says that nothing outlives the page", async () => {
  expect(await without(withoutAnyStore)).toEqual({ ...works, codes: ["storage_memory"] });
});

/** What is promised of an operation at the start of a page, and of one once its engine is ready. */
async function promised(lacking: () => void): Promise<unknown> {
  const context = await site.context();
  await context.addInitScript(lacking);
  const page = await site.page(context);
  return page.evaluate(async () => {
    const { client, keep, MemorySource, outcome, until } = window.stage;
    const tabweave = client({ source: new MemorySource({ connected: false }) });
    const kept = async (argument: number) => {
      const { durability, persisted } = tabweave.mutate(keep, argument);
      return { durability, persisted: await outcome(persisted) };
    };
    const early = await kept(1);
    await until(() => tabweave.connectivity.getSnapshot().role === "leader");
    return { early, late: await kept(2), storage: tabweave.connectivity.getSnapshot().storage };
  });
}

const saved = { value: undefined };
const unsaved = { code: "storage_memory" };

test.each([
  ["with IndexedDB", () => {}, saved, "indexeddb"],
  ["with localStorage", withoutDatabases, saved, "localstorage"],
  ["with nothing", withoutAnyStore, unsaved, "memory"],
] as const)(
  "%s a call is told where the operation is, and that it is called saved only if it is",
  async (...row) => {
    const [, lacking, persisted, durability] = row;
    expect(await promised(lacking)).toMatchObject({
      // The page has just begun to open what it keeps operations in.
      early: { durability: "memory", persisted },
      late: { durability, persisted },
      storage: durability,
    });
  },
);
