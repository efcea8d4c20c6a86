import type { Page } from "@playwright/test";
import { describe, expect, test } from "vitest";
import type { Rooms } from "../../../pkg/src/client/rooms.js";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

interface Started {
  readonly tabweave: import("tabweave").TabweaveClient;
  readonly source: import("../pages/memory-source.js").MemorySource;
  /** What the server holds. */
  readonly rows: import("../pages/stage.js").Note[];
}

/** A page whose server makes notes, numbered from 1; without a connection unless it is asked for. */
async function start(page: Page, isConnected = false): Promise<Page> {
  await page.evaluate(async (connected) => {
    const { client, MemorySource, notes, server, until } = window.stage;
    const rows: Started["rows"][number][] = [];
    const source = new MemorySource({ connected });
    source.answer("notes", () => [...rows]);
    server.answer = ({ name, args }) => {
      if (name !== "create") return "done";
      const id = `a note of the server ${rows.length + 1}`;
      rows.push({ id, ...(args as Omit<Started["rows"][number], "id">) });
      return id;
    };
    const tabweave = client({ source });
    tabweave.subscribe(notes, { list: "a" }, () => {});
    Object.assign(window, { tabweave, source, rows });
    await until(() => tabweave.connectivity.getSnapshot().role !== "starting");
  }, isConnected);
  return page;
}

async function reload(page: Page, isConnected = false): Promise<void> {
  await page.reload();
  await page.waitForFunction(() => "stage" in window);
  await start(page, isConnected);
}

/** Creates a note and does something with it in the same task; resolves when both are safe. */
async function createAndRename(page: Page): Promise<{ id: string; placeholder: string }> {
  return page.evaluate(async () => {
    const { create, rename } = window.stage;
    const { tabweave } = window as unknown as Started;
    const { id, placeholder, persisted } = tabweave.mutate(create, { list: "a", text: "new" });
    const renamed = tabweave.mutate(rename, { id: placeholder, text: "newer" });
    await Promise.all([persisted, renamed.persisted]);
    return { id, placeholder };
  });
}

/** What reached the server once so many calls did. */
async function calls(page: Page, count: number): Promise<unknown[]> {
  return page.evaluate(async (many) => {
    const { server, until } = window.stage;
    await until(() => server.calls.length >= many);
    return server.calls.map(({ name, args }) => [name, args]);
  }, count);
}

const connect = (page: Page) => page.evaluate(() => (window as unknown as Started).source.setConnected(true));

const BOTH = [
  ["create", { list: "a", text: "new" }],
  ["rename", { id: "a note of the server 1", text: "newer" }],
];

test("what is created offline and changed offline is sent once each, the change with the server's id", async () => {
  const page = await start(await site.page(), true);
  await page.evaluate(() => (window as unknown as Started).source.setConnected(false));
  const seen = await page.evaluate(async () => {
    const { create, rename, notes, server, texts, until } = window.stage;
    const { tabweave, source } = window as unknown as Started;
    await until(() => texts(tabweave));
    const { placeholder, settled } = tabweave.mutate(create, { list: "a", text: "new" });
    tabweave.mutate(rename, { id: placeholder, text: "newer" });
    const shown = () => tabweave.view(notes, { list: "a" }).data ?? [];
    const [before] = shown();
    source.setConnected(true);
    const id = await settled;
    await until(() => server.calls.length === 2);
    source.answer("notes", () => [{ id, list: "a", text: "newer" }]);
    await until(() => shown()[0]?.id === id);
    return { before, placeholder, keys: [placeholder, id].map(tabweave.keyOf, tabweave), after: shown() };
  });
  const { placeholder } = seen;
  expect(seen).toMatchObject({
    before: { id: placeholder, list: "a", text: "newer" },
    keys: [placeholder, placeholder],
    after: [{ id: "a note of the server 1", text: "newer" }],
  });
  expect(await calls(page, 2)).toEqual(BOTH);
});

test("over a reload", async () => {
  const page = await start(await site.page());
  await createAndRename(page);
  await reload(page, true);
  expect(await calls(page, 2)).toEqual(BOTH);
});

test("from another tab, which is not the one that sends it", async () => {
  const context = await site.context();
  const leader = await start(await site.page(context));
  const follower = await start(await site.page(context));
  const { placeholder } = await createAndRename(leader);
  await follower.evaluate(
    ([id]) =>
      window.stage.until(
        () => (window as unknown as Started).tabweave.outbox.getSnapshot().waiting === 2 && id,
      ),
    [placeholder],
  );
  await follower.evaluate(
    (id) =>
      (window as unknown as Started).tabweave.mutate(window.stage.rename, { id, text: "newest" }).persisted,
    placeholder,
  );
  await connect(leader);
  expect(await calls(leader, 3)).toEqual([
    ...BOTH,
    ["rename", { id: "a note of the server 1", text: "newest" }],
  ]);
  // The other tab learns the id as well.
  const key = () =>
    follower.evaluate(() => (window as unknown as Started).tabweave.keyOf("a note of the server 1"));
  await expect.poll(key).toBe(placeholder);
});

test("an edit of a document that is not there yet is one of the real document", async () => {
  const page = await start(await site.page(), true);
  await page.evaluate(async () => {
    const { create, editNote, notes, texts, until } = window.stage;
    const { tabweave, source } = window as unknown as Started;
    await until(() => texts(tabweave));
    source.setConnected(false);
    const { placeholder } = tabweave.mutate(create, { list: "a", text: "new" });
    const [shown] = tabweave.view(notes, { list: "a" }).data ?? [];
    if (shown === undefined) throw new Error("the note is shown at once");
    await tabweave.mutate(editNote, { id: placeholder, next: { ...shown, text: "edited" } }).persisted;
    source.setConnected(true);
  });
  const id = "a note of the server 1";
  const note = { id, list: "a", text: "new" };
  expect(await calls(page, 2)).toEqual([
    BOTH[0],
    ["editNote", { id, base: note, next: { ...note, text: "edited" }, changed: ["text"] }],
  ]);
});

describe("in a scope of its own", () => {
  test("what needs the document waits for it, and goes on as soon as it is there", async () => {
    const page = await start(await site.page(), true);
    const seen = await page.evaluate(async () => {
      const { create, mark, server, until } = window.stage;
      const { tabweave } = window as unknown as Started;
      let answer = (_: string) => {};
      server.answer = ({ name }) =>
        name === "create" ? new Promise((resolve) => (answer = resolve)) : "done";
      const { placeholder } = tabweave.mutate(create, { list: "a", text: "new" });
      const { id, settled } = tabweave.mutate(mark, { id: placeholder, extra: 1 }, { retryDelay: 60_000 });
      const entry = () => tabweave.outbox.getSnapshot().operations.find((one) => one.id === id);
      await until(() => entry()?.state === "waiting");
      const { why, error } = entry() ?? {};
      answer("the id that it was given");
      return { why, cause: String(error?.cause), settled: await settled, last: server.calls.at(-1)?.args };
    });
    expect(seen).toEqual({
      why: "creator",
      cause: expect.stringContaining("“create”"),
      settled: "done",
      last: { id: "the id that it was given", extra: 1 },
    });
  });

  test("what is done to it later, by its own id, stays behind what was done before", async () => {
    const page = await start(await site.page(), true);
    const seen = await page.evaluate(async () => {
      const { create, mark, server, until } = window.stage;
      const { tabweave } = window as unknown as Started;
      const answers: Array<(value: unknown) => void> = [];
      server.answer = () => new Promise((resolve) => answers.push(resolve));
      const { placeholder, settled } = tabweave.mutate(create, { list: "a", text: "new" });
      const first = tabweave.mutate(mark, { id: placeholder, extra: 1 });
      await until(() => answers.length === 1);
      answers[0]?.("the id that it was given");
      const id = await settled;
      await until(() => answers.length === 2);
      const second = tabweave.mutate(mark, { id, extra: 2 });
      await second.persisted;
      const entry = tabweave.outbox.getSnapshot().operations.find((one) => one.id === second.id);
      return { behind: entry?.behind === first.id, calls: server.calls.length };
    });
    expect(seen).toEqual({ behind: true, calls: 2 });
  });
});

test("if the server refuses to create it, what needs it is parked, and goes on when the other is retried and done", async () => {
  const page = await start(await site.page(), true);
  const seen = await page.evaluate(async () => {
    const { create, mark, keep, server, until } = window.stage;
    const { tabweave } = window as unknown as Started;
    let refuses = true;
    const { answer } = server;
    server.answer = (call) => {
      if (refuses && call.name === "create") throw Object.assign(new Error("no"), { status: 422 });
      return answer(call);
    };
    const { id, placeholder } = tabweave.mutate(create, { list: "a", text: "new" });
    const marked = tabweave.mutate(mark, { id: placeholder, extra: 1 });
    const named = tabweave.mutate(keep, { for: [placeholder] });
    const entries = () =>
      [marked, named].map(({ id: it }) =>
        tabweave.outbox.getSnapshot().operations.find((one) => one.id === it),
      );
    await until(() => entries().every((entry) => entry?.state === "parked"));
    const parked = entries().map((entry) => [entry?.why, entry?.error?.code]);
    refuses = false;
    tabweave.retry(id);
    await Promise.all([marked.settled, named.settled]);
    return { parked, calls: server.calls.map(({ name, args }) => [name, args]) };
  });
  expect(seen.parked).toEqual(Array(2).fill(["depends_on_failed", "depends_on_failed"]));
  expect(seen.calls.slice(0, 2).map(([name]) => name)).toEqual(["create", "create"]);
  expect(seen.calls).toContainEqual(["mark", { id: "a note of the server 1", extra: 1 }]);
  expect(seen.calls).toContainEqual(["keep", { for: ["a note of the server 1"] }]);
  expect(seen.calls).toHaveLength(4);
});

test("a creator that is withdrawn leaves what needs it parked, also over a reload", async () => {
  const page = await start(await site.page());
  const { id } = await createAndRename(page);
  await page.evaluate((created) => (window as unknown as Started).tabweave.cancel(created), id);
  await reload(page, true);
  const dead = await page.evaluate(async () => {
    const { tabweave } = window as unknown as Started;
    const { until, server } = window.stage;
    await until(() => tabweave.outbox.getSnapshot().dead.length === 1);
    return [tabweave.outbox.getSnapshot().dead[0]?.why, server.calls.length];
  });
  expect(dead).toEqual(["depends_on_failed", 0]);
});

test("what was created is known longer than the operation that did it", async () => {
  const context = await site.context();
  const page = await start(await site.page(context), true);
  const { placeholder } = await createAndRename(page);
  expect(await calls(page, 2)).toEqual(BOTH);
  await page.evaluate(async () => {
    const { tabweave } = window as unknown as Started;
    await window.stage.until(() => tabweave.outbox.getSnapshot().waiting === 0);
    tabweave.close();
    // As the leader does once it has kept the records of what is done for long enough.
    const { name = "" } =
      (await indexedDB.databases()).find((one) => one.name?.startsWith("tabweave/")) ?? {};
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    });
    const transaction = database.transaction("operations", "readwrite");
    transaction.objectStore("operations").clear();
    await new Promise((resolve) => {
      transaction.oncomplete = resolve;
    });
    database.close();
  });
  await reload(page, true);
  await page.evaluate(
    (id) => void (window as unknown as Started).tabweave.mutate(window.stage.rename, { id, text: "later" }),
    placeholder,
  );
  expect(await calls(page, 1)).toEqual([["rename", { id: "a note of the server 1", text: "later" }]]);
});

test("what no operation needs is forgotten after a day, and what one needs is not", async () => {
  const page = await start(await site.page(), true);
  const { id } = await createAndRename(page);
  const other = await createAndRename(page);
  expect(await calls(page, 4)).toHaveLength(4);
  const kept = () =>
    page.evaluate(() => {
      const { topics } = (window as unknown as Started).tabweave as unknown as Pick<Rooms, "topics">;
      return [...topics.room(true, "tabweave:created").getSnapshot().keys()].sort();
    });
  await expect.poll(kept).toEqual([id, other.id].sort());
  await page.evaluate(async (placeholder) => {
    const { tabweave, source } = window as unknown as Started;
    source.setConnected(false);
    await tabweave.mutate(window.stage.mark, { id: placeholder, extra: 1 }).persisted;
  }, other.placeholder);
  await page.addInitScript(() => {
    const { now } = Date;
    Date.now = () => now() + 25 * 60 * 60 * 1000;
  });
  await reload(page);
  await expect.poll(kept).toEqual([other.id]);
});

test("names that begin like the library's own are not for topics of the app", async () => {
  const page = await start(await site.page());
  const code = await page.evaluate(() => {
    const { tabweave } = window as unknown as Started;
    try {
      tabweave.topic("tabweave:created", { durable: true });
      return undefined;
    } catch (error) {
      return (error as import("tabweave").TabweaveError).code;
    }
  });
  expect(code).toBe("invalid_option");
});
