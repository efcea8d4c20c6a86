import type { Page } from "@playwright/test";
import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("hooks.tsx");

/** A page whose console must stay empty: React warns there. */
async function quietPage(): Promise<{ page: Page; said: string[] }> {
  const page = await site.page();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  return { page, said };
}

test("a component renders before there is anything, then shows results and what is pending", async () => {
  const { page, said } = await quietPage();
  const seen = await page.evaluate(async () => {
    const { client, MemorySource, rename, server, until } = window.stage;
    const { show, element, List, text, act } = window.hooks;
    const source = new MemorySource();
    source.answer("notes", () => [
      { id: "1", list: "a", text: "one" },
      { id: "2", list: "a", text: "two" },
    ]);
    const tabweave = client({ source });
    show(tabweave, element(List, { args: { list: "a" } }));
    const shown = [text()];
    await until(() => text().includes("one") && tabweave.connectivity.getSnapshot().role === "leader");
    shown.push(text());
    let answer = () => {};
    server.answer = () => new Promise((resolve) => (answer = () => resolve(1)));
    let handle: import("tabweave").MutationHandle<unknown> | undefined;
    act(() => {
      handle = tabweave.mutate(rename, { id: "2", text: "new" });
    });
    shown.push(text());
    await until(() => server.calls.length === 1);
    source.answer("notes", () => [
      { id: "1", list: "a", text: "one" },
      { id: "2", list: "a", text: "new" },
    ]);
    answer();
    await act(async () => void (await handle?.settled));
    await until(() => !text().includes("*"));
    shown.push(text());
    return shown;
  });
  expect(seen).toEqual([
    "pending fresh",
    "success fresh one,two",
    "success fresh one,new*",
    "success fresh one,new",
  ]);
  expect(said).toEqual([]);
});

test("StrictMode makes one subscription, one lock request, one client; unmounting ends the subscription only", async () => {
  const { page, said } = await quietPage();
  const seen = await page.evaluate(async () => {
    const { client, MemorySource, keep, until } = window.stage;
    const { show, element, List, text, cleanup } = window.hooks;
    const source = new MemorySource();
    source.answer("notes", () => []);
    let watches = 0;
    const watch = source.watch.bind(source);
    source.watch = (query) => {
      watches += 1;
      return watch(query);
    };
    const tabweave = client({ source });
    show(tabweave, element(List, { args: { list: "a" } }));
    await until(() => text().startsWith("success"));
    await until(() => tabweave.connectivity.getSnapshot().role === "leader");
    const { held = [], pending = [] } = await navigator.locks.query();
    const leaders = [...held, ...pending].filter(({ name }) => name?.endsWith("/leader")).length;
    const { mounts } = tabweave as unknown as { mounts: number };
    cleanup();
    await until(() => source.watched.size === 0);
    const after = (tabweave as unknown as { mounts: number }).mounts;
    return {
      watches,
      leaders,
      listens: source.listens,
      mounts,
      after,
      still: await tabweave.mutate(keep, 1).settled,
    };
  });
  expect(seen).toEqual({ watches: 1, leaders: 1, listens: 1, mounts: 1, after: 0, still: "done" });
  expect(said).toEqual([]);
});

test("a selector that is another function every time renders again only when what it selects changes", async () => {
  const { page, said } = await quietPage();
  const seen = await page.evaluate(async () => {
    const { ready, notes, rename, add, texts, until } = window.stage;
    const { show, element, Length, act } = window.hooks;
    const tabweave = await ready();
    const renders: number[] = [];
    show(tabweave, element(Length, { renders }));
    await until(() => renders.includes(1));
    const before = renders.length;
    act(() => void tabweave.mutate(rename, { id: "1", text: "other" }));
    const renamed = texts(tabweave);
    const afterRename = renders.length - before;
    act(() => void tabweave.mutate(add, { id: "2", list: "a", text: "more" }));
    const last = renders.at(-1);
    return { renamed, afterRename, last, size: tabweave.view(notes, { list: "a" }).data?.length };
  });
  // The marks of pending operations are part of what the hook returns: the first one is one render, doubled
  // by StrictMode.
  expect(seen).toEqual({ renamed: ["other"], afterRename: 2, last: 2, size: 2 });
  expect(said).toEqual([]);
});

test("'skip' watches nothing, and other arguments are another query", async () => {
  const { page, said } = await quietPage();
  const seen = await page.evaluate(async () => {
    const { client, MemorySource, until } = window.stage;
    const { show, element, List, text, act } = window.hooks;
    const source = new MemorySource();
    source.answer("notes", (args) => [{ id: "1", list: "x", text: (args as { list: string }).list }]);
    const tabweave = client({ source });
    const { rerender } = show(tabweave, element(List, { args: "skip" }));
    const shown = [`${text()} ${source.watched.size}`];
    const again = (args: unknown) =>
      act(() => rerender(window.hooks.wrapped(tabweave, element(List, { args }))));
    again({ list: "a" });
    await until(() => text().includes("fresh a"));
    shown.push(text());
    again({ list: "b" });
    await until(() => text().includes("fresh b"));
    shown.push(text());
    again("skip");
    shown.push(text());
    await until(() => source.watched.size === 0);
    return shown;
  });
  expect(seen).toEqual(["pending fresh 0", "success fresh a", "success fresh b", "pending fresh"]);
  expect(said).toEqual([]);
});

test("useDocument selects from one document and knows whether that one is pending", async () => {
  const { page, said } = await quietPage();
  const seen = await page.evaluate(async () => {
    const { ready, rename } = window.stage;
    const { show, element, One, text, act, cleanup } = window.hooks;
    const tabweave = await ready();
    const shown: string[] = [];
    show(tabweave, element(One, { id: "1" }));
    shown.push(text());
    act(() => void tabweave.mutate(rename, { id: "1", text: "new" }));
    shown.push(text());
    cleanup();
    show(tabweave, element(One, { id: "none of these" }));
    shown.push(text());
    return shown;
  });
  expect(seen).toEqual(["success OLD settled", "success NEW pending", "success none settled"]);
  expect(said).toEqual([]);
});

test("useOperation follows the last call: success, error, retry, reset", async () => {
  const { page, said } = await quietPage();
  const seen = await page.evaluate(async () => {
    const { ready, server, until } = window.stage;
    const { show, element, Renamer, text, act } = window.hooks;
    const at = {} as { operation: import("../pages/hooks.js").Rename };
    const tabweave = await ready({ logger: { warn: () => {}, error: () => {} } });
    show(
      tabweave,
      element(Renamer, { tell: (it: typeof at.operation) => Object.assign(at, { operation: it }) }),
    );
    const shown = [text()];
    server.answer = () => "saved";
    const answered: Array<Promise<unknown>> = [];
    act(() => void answered.push(at.operation.mutateAsync({ id: "1", text: "a" })));
    shown.push(text());
    shown.push(`answered ${await act(() => answered[0])}`);
    await until(() => text().startsWith("success"));
    shown.push(text());
    server.answer = () => Promise.reject(Object.assign(new Error("refused"), { status: 422 }));
    act(() => void at.operation.mutate({ id: "1", text: "b" }));
    await until(() => text().startsWith("error"));
    shown.push(text());
    server.answer = () => "at last";
    act(() => void shown.push(`retried ${at.operation.retry()}`));
    shown.push(text());
    await until(() => text().startsWith("success"));
    shown.push(text());
    act(() => at.operation.reset());
    shown.push(`${text()} ${at.operation.retry()} ${at.operation.cancel()}`);
    return shown;
  });
  expect(seen).toEqual([
    "idle  undefined",
    "pending  undefined",
    "answered saved",
    "success  saved",
    "error rejected undefined",
    "retried true",
    "pending  undefined",
    "success  at last",
    "idle  undefined false false",
  ]);
  expect(said).toEqual([]);
});

test("useOperation cancels what is not on its way, and refuses in the same render what cannot be", async () => {
  const { page, said } = await quietPage();
  const seen = await page.evaluate(async () => {
    const { client, MemorySource, until } = window.stage;
    const { show, element, Renamer, text, act } = window.hooks;
    const at = {} as { operation: import("../pages/hooks.js").Rename };
    const source = new MemorySource({ connected: false });
    const tabweave = client({ source, logger: { warn: () => {}, error: () => {} } });
    show(
      tabweave,
      element(Renamer, { tell: (it: typeof at.operation) => Object.assign(at, { operation: it }) }),
    );
    await until(() => tabweave.connectivity.getSnapshot().role === "leader");
    act(() => void at.operation.mutate({ id: "1", text: "a" }));
    const shown = [text()];
    await until(() => at.operation.cancel());
    await until(() => text().startsWith("error"));
    shown.push(text());
    act(() => void at.operation.mutate({ id: "1", text: (() => {}) as unknown as string }));
    await until(() => text().includes("cloneable"));
    shown.push(text());
    return shown;
  });
  expect(seen).toEqual([
    "pending  undefined",
    "error cancelled undefined",
    "error args_not_cloneable undefined",
  ]);
  expect(said).toEqual([]);
});

test("useConflicts lists what waits for a person, and has it decided", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { act, element, show, text, Decisions } = window.hooks;
    const { ConflictError, editNote, ready, server, until } = window.stage;
    const client = await ready();
    server.answer = ({ attempt }) => {
      if (attempt === 1) throw new ConflictError({ document: { id: "1", list: "a", text: "theirs" } });
      return "done";
    };
    await act(async () => void show(client, element(Decisions, { take: "local" })));
    const before = text();
    const { settled } = client.mutate(editNote, { id: "1", next: { id: "1", list: "a", text: "mine" } });
    await act(() => until(() => client.conflicts.getSnapshot().length === 1));
    const asked = text();
    await act(async () => document.querySelector("button")?.click());
    await act(() => settled);
    return { before, asked, after: text(), sent: server.calls.at(-1)?.args };
  });
  expect(seen).toMatchObject({
    before: "all decided",
    asked: "text: mine or theirs",
    after: "all decided",
    sent: { base: { text: "theirs" }, next: { text: "mine" } },
  });
});

test("useOperation takes edits, useOutbox lists and retries, useConnectivity tells the role", async () => {
  const { page, said } = await quietPage();
  const seen = await page.evaluate(async () => {
    const { ready, server, until } = window.stage;
    const { show, element, Editor, Bar, text, act, cleanup } = window.hooks;
    const tabweave = await ready({ logger: { warn: () => {}, error: () => {} } });
    const at = {} as { edit: (next: object) => void };
    server.answer = () => Promise.reject(Object.assign(new Error("refused"), { status: 422 }));
    show(tabweave, element(Editor, { tell: (it: typeof at.edit) => Object.assign(at, { edit: it }) }));
    act(() => at.edit({ id: "1", list: "a", text: "edited" }));
    const shown = [text()];
    await until(() => text() === "error");
    cleanup();
    show(tabweave, element(Bar));
    shown.push(text());
    server.answer = () => "done";
    act(() => document.querySelector("button")?.click());
    await until(() => text().startsWith("0 0"));
    shown.push(text());
    return shown;
  });
  expect(seen).toEqual(["pending", "0 1 leader true 36", "0 0 leader true 36"]);
  expect(said).toEqual([]);
});

test("hydration matches what the server rendered, then shows what is there", async () => {
  const { page, said } = await quietPage();
  const seen = await page.evaluate(async () => {
    const { ready, until } = window.stage;
    const { hydrate, text } = window.hooks;
    // The client has results already, the server had none.
    const tabweave = await ready();
    const { complaints } = await hydrate(tabweave);
    await until(() => text().startsWith("success"));
    return { complaints, text: text() };
  });
  expect(seen).toEqual({ complaints: [], text: "success old fresh" });
  expect(said).toEqual([]);
});

test("a hook outside of the provider says so", async () => {
  const { page } = await quietPage();
  const seen = await page.evaluate(() => {
    window.hooks.withoutProvider();
    return window.hooks.text();
  });
  expect(seen).toBe("provider_missing");
});
