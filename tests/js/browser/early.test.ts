import type { BrowserContext, Route } from "@playwright/test";
import { expect, onTestFinished, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

/** Holds the engine's WebAssembly back until it is let go. */
async function heldEngine(context: BrowserContext): Promise<() => Promise<void>> {
  let held: Route | undefined;
  let isFree = false;
  await context.route("**/tabweave.wasm", async (route) => {
    if (isFree) await route.continue();
    else held = route;
  });
  const release = async () => {
    isFree = true;
    await held?.continue();
    held = undefined;
  };
  onTestFinished(release);
  return release;
}

test("what is called before the engine is ready shows at once, is safe, and is sent in order", async () => {
  const context = await site.context();
  const release = await heldEngine(context);
  const page = await site.page(context);
  const early = await page.evaluate(async () => {
    const { client, MemorySource, notes, rename, add, explode, texts, outcome, until } = window.stage;
    const source = new MemorySource();
    source.answer("notes", () => [{ id: "1", list: "a", text: "old" }]);
    const tabweave = client({ source });
    const handles = [tabweave.mutate(add, { id: "0", list: "a", text: "before anything is loaded" })];
    tabweave.subscribe(notes, { list: "a" }, () => {});
    await until(() => texts(tabweave)?.length === 2);
    handles.push(tabweave.mutate(rename, { id: "1", text: "first" }));
    const atOnce = texts(tabweave);
    const refused = await outcome(tabweave.mutate(explode, { why: "no" }).settled);
    handles.push(tabweave.mutate(rename, { id: "1", text: "second" }));
    await Promise.all(handles.map(({ persisted }) => persisted));
    Object.assign(window, { tabweave, handles });
    return {
      atOnce,
      refused,
      later: texts(tabweave),
      pending: tabweave.view(notes, { list: "a" }).pending.get("1")?.length,
      outbox: tabweave.outbox.getSnapshot().operations.map(({ name, state }) => `${name} ${state}`),
      role: tabweave.connectivity.getSnapshot().role,
    };
  });
  expect(early).toEqual({
    atOnce: ["first", "before anything is loaded"],
    refused: expect.objectContaining({ code: "optimistic_threw", cause: "no" }),
    later: ["second", "before anything is loaded"],
    pending: 2,
    outbox: ["add queued", "rename queued", "rename queued"],
    role: "starting",
  });
  await release();
  const late = await page.evaluate(async () => {
    const { server, outcome } = window.stage;
    const { handles } = window as unknown as { handles: Array<{ id: string; settled: Promise<unknown> }> };
    const settled = await Promise.all(handles.map((handle) => outcome(handle.settled)));
    const order = server.calls.map(({ key }) => handles.findIndex((handle) => handle.id === key));
    return { settled, order };
  });
  expect(late).toEqual({ settled: Array(3).fill({ value: "done" }), order: [0, 1, 2] });
});

test("an early operation can be cancelled, and is gone from the journal too", async () => {
  const context = await site.context();
  const release = await heldEngine(context);
  const page = await site.page(context);
  const id = await page.evaluate(async () => {
    const { client, keep } = window.stage;
    const tabweave = client();
    const handle = tabweave.mutate(keep, 1);
    await handle.persisted;
    Object.assign(window, { tabweave, handle });
    return handle.id;
  });
  const seen = await page.evaluate(async (which) => {
    const { outcome } = window.stage;
    const { tabweave, handle } = window as unknown as {
      tabweave: { cancel(id: string): boolean };
      handle: { settled: Promise<unknown> };
    };
    return [tabweave.cancel(which), tabweave.cancel(which), await outcome(handle.settled)];
  }, id);
  expect(seen).toEqual([true, false, expect.objectContaining({ code: "cancelled" })]);
  await release();
  const after = await page.evaluate(async () => {
    const { until, server } = window.stage;
    const { tabweave } = window as unknown as { tabweave: import("tabweave").TabweaveClient };
    await until(() => tabweave.connectivity.getSnapshot().role === "leader");
    await tabweave.mutate(window.stage.keep, 2).settled;
    return server.calls.map(({ args }) => args);
  });
  expect(after).toEqual([2]);
});

test("without an engine operations stay in the journal, and the next visit sends them", async () => {
  const context = await site.context();
  await context.route("**/tabweave.wasm", (route) => route.abort());
  const page = await site.page(context);
  const degraded = await page.evaluate(async () => {
    const { client, MemorySource, notes, rename, texts, until } = window.stage;
    const source = new MemorySource();
    source.answer("notes", () => [{ id: "1", list: "a", text: "old" }]);
    const told: string[] = [];
    const tabweave = client({ source, onDegraded: ({ code }) => told.push(code) });
    tabweave.subscribe(notes, { list: "a" }, () => {});
    await until(() => told.length > 0 && texts(tabweave) !== undefined);
    const before = texts(tabweave);
    await tabweave.mutate(rename, { id: "1", text: "new" }).persisted;
    const codes = tabweave.diagnostics.getSnapshot().map(({ code }) => code);
    return { told, before, after: texts(tabweave), codes };
  });
  expect(degraded).toEqual({
    told: ["wasm_unavailable"],
    before: ["old"],
    after: ["new"],
    codes: ["wasm_unavailable"],
  });

  await context.unroute("**/tabweave.wasm");
  await page.reload();
  await page.waitForFunction(() => "stage" in window);
  const sent = await page.evaluate(async () => {
    const { ready, server, until } = window.stage;
    await ready();
    await until(() => server.calls.length === 1);
    return server.calls.map(({ name, args }) => ({ name, args }));
  });
  expect(sent).toEqual([{ name: "rename", args: { id: "1", text: "new" } }]);
});
