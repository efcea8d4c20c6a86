import type { Page } from "@playwright/test";
import { describe, expect, test } from "vitest";
import { Site } from "./site.js";
import { trap } from "./trap.js";

const site = Site.forThisFile("stage.ts");

async function start(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { client, MemorySource, notes, until, texts } = window.stage;
    const told: string[] = [];
    const source = new MemorySource();
    source.answer("notes", () => [{ id: "1", list: "a", text: "old" }]);
    const tabweave = client({ source, onDegraded: ({ code }) => told.push(code) });
    tabweave.subscribe(notes, { list: "a" }, () => {});
    Object.assign(window, { tabweave, told, source });
    await until(() => texts(tabweave) && tabweave.connectivity.getSnapshot().role === "leader");
  });
}

interface Started {
  readonly tabweave: import("tabweave").TabweaveClient;
  readonly told: string[];
}

describe("when the engine crashes", () => {
  test("it is made again, the call that met it goes through, and the console has it", async () => {
    const page = await site.page();
    const errors: string[] = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await start(page);
    await trap(page, "mutate", 1);
    const seen = await page.evaluate(async () => {
      const { rename, texts, until, server } = window.stage;
      const { tabweave, told } = window as unknown as Started;
      const handle = tabweave.mutate(rename, { id: "1", text: "after the crash" });
      const atOnce = texts(tabweave);
      const settled = await handle.settled;
      await until(() => tabweave.connectivity.getSnapshot().role === "leader");
      const { held = [] } = await navigator.locks.query();
      return {
        atOnce,
        settled,
        told,
        calls: server.calls.length,
        codes: tabweave.diagnostics.getSnapshot().map(({ code }) => code),
        leaders: held.filter(({ name }) => name?.endsWith("/leader")).length,
      };
    });
    expect(seen).toEqual({
      atOnce: ["after the crash"],
      settled: "done",
      told: [],
      calls: 1,
      codes: ["engine_crashed"],
      leaders: 1,
    });
    expect(errors).toEqual([expect.stringContaining("[tabweave] engine_crashed")]);
  });

  test("too often, it is set aside: what was accepted is shown, kept and sent by the next visit", async () => {
    const page = await site.page();
    await start(page);
    await trap(page, "mutate", 4);
    const seen = await page.evaluate(async () => {
      const { rename, texts } = window.stage;
      const { tabweave, told } = window as unknown as Started;
      const handle = tabweave.mutate(rename, { id: "1", text: "kept" });
      await handle.persisted;
      return { told, shown: texts(tabweave), role: tabweave.connectivity.getSnapshot().role };
    });
    expect(seen).toEqual({ told: ["engine_crashed"], shown: ["kept"], role: "starting" });
    await page.reload();
    await page.waitForFunction(() => "stage" in window);
    const calls = await page.evaluate(async () => {
      const { ready, server, until } = window.stage;
      await ready();
      await until(() => server.calls.length === 1);
      return server.calls.map(({ args }) => args);
    });
    expect(calls).toEqual([{ id: "1", text: "kept" }]);
  });
});

describe("in production", () => {
  const built = Site.forThisFile("stage.ts", "production");

  test("nothing is on the console, and errors carry their codes without the sentences", async () => {
    const page = await built.page();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    const seen = await page.evaluate(async () => {
      const { ready, explode, keep, outcome, until } = window.stage;
      const tabweave = await ready();
      const refused = await outcome(tabweave.mutate(explode, { why: "no" }).settled);
      const uncloneable = await outcome(tabweave.mutate(keep, { f: () => {} }).settled);
      await until(() => tabweave.diagnostics.getSnapshot().length === 2);
      return [refused, uncloneable];
    });
    expect(seen).toMatchObject([
      { code: "optimistic_threw", message: expect.stringContaining("ERRORS.md") },
      { code: "args_not_cloneable", message: expect.stringContaining("args.f") },
    ]);
    expect(said).toEqual([]);
  });
});

test("in development each diagnostic is on the console once; a logger hears it instead", async () => {
  const page = await site.page();
  const said: string[] = [];
  page.on("console", (message) => said.push(`${message.type()} ${message.text()}`));
  const heard = await page.evaluate(async () => {
    const { ready, explode } = window.stage;
    const tabweave = await ready();
    for (const why of [1, 2]) await tabweave.mutate(explode, { why }).settled.catch(() => {});
    tabweave.close();
    const messages: string[] = [];
    const logger = { warn: (message: string) => messages.push(message), error: () => {} };
    const quiet = await ready({ logger });
    await quiet.mutate(explode, { why: 3 }).settled.catch(() => {});
    return messages;
  });
  expect(said).toEqual([expect.stringMatching(/^warning \[tabweave\] optimistic_threw/)]);
  expect(heard).toEqual([expect.stringMatching(/^\[tabweave\] optimistic_threw/)]);
});
