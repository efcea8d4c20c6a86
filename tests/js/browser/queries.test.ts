import { describe, expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

describe("a snapshot", () => {
  test("keeps its reference, and its documents theirs, until something in them changed", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { client, MemorySource, notes, rename, texts, until } = window.stage;
      const source = new MemorySource();
      const answer = (second: string) => () => [
        { id: "1", list: "a", text: "one", extra: { deep: [1] } },
        { id: "2", list: "a", text: second },
      ];
      source.answer("notes", answer("two"));
      const tabweave = client({ source });
      let told = 0;
      tabweave.subscribe(notes, { list: "a" }, () => {
        told += 1;
      });
      const view = () => tabweave.view(notes, { list: "a" });
      const isPending = view() === tabweave.view(notes, { list: "b" });
      await until(() => texts(tabweave) && tabweave.connectivity.getSnapshot().role === "leader");
      const before = view();
      const toldBefore = told;
      source.answer("notes", answer("two"));
      const unchanged = view() === before && told === toldBefore;
      source.answer("notes", answer("changed"));
      const after = view();
      const handle = tabweave.mutate(rename, { id: "2", text: "renamed" });
      const renamed = view();
      await handle.settled;
      return {
        isPending,
        unchanged,
        isOther: after !== before,
        first: after.data?.[0] === before.data?.[0] && renamed.data?.[0] === before.data?.[0],
        second: after.data?.[1] !== before.data?.[1] && renamed.data?.[1]?.text,
      };
    });
    expect(seen).toEqual({ isPending: true, unchanged: true, isOther: true, first: true, second: "renamed" });
  });

  test("is stale as long as the connection is lost", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { client, MemorySource, notes, texts, until } = window.stage;
      const source = new MemorySource();
      source.answer("notes", () => [{ id: "1", list: "a", text: "one" }]);
      const tabweave = client({ source });
      tabweave.subscribe(notes, { list: "a" }, () => {});
      const isStale = () => tabweave.view(notes, { list: "a" }).stale;
      await until(() => texts(tabweave));
      const states = [isStale()];
      source.setConnected(false);
      states.push(isStale());
      source.setConnected(true);
      states.push(isStale());
      return states;
    });
    expect(seen).toEqual([false, true, false]);
  });

  test("tells what the server refused, and forgets it with the next result", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { client, MemorySource, notes, texts, until } = window.stage;
      const source = new MemorySource();
      const tabweave = client({ source });
      tabweave.subscribe(notes, { list: "a" }, () => {});
      const view = () => {
        const { status, error, data } = tabweave.view(notes, { list: "a" });
        return [status, error?.code, String(error?.cause), data?.length];
      };
      await until(() => source.watched.size === 1);
      source.refuse("notes", new RangeError("no such list"));
      const views = [view()];
      source.answer("notes", () => [{ id: "1", list: "a", text: "one" }]);
      await until(() => texts(tabweave));
      views.push(view());
      source.refuse("notes", new RangeError("not any more"));
      views.push(view());
      return views;
    });
    expect(seen).toEqual([
      ["error", "query_failed", "RangeError: no such list", undefined],
      ["success", undefined, "undefined", 1],
      ["error", "query_failed", "RangeError: not any more", 1],
    ]);
  });
});

test("arguments that are equal are one query; it is watched as long as anybody looks, and a while longer", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { client, MemorySource, notes, until } = window.stage;
    const source = new MemorySource();
    source.answer("notes", () => []);
    const tabweave = client({ source });
    const ends = [{ list: "a" }, { list: "a" }, { list: "b" }].map((args) =>
      tabweave.subscribe(notes, args, () => {}),
    );
    const sizes = [source.watched.size];
    for (const end of ends) end();
    sizes.push(source.watched.size);
    const again = tabweave.subscribe(notes, { list: "a" }, () => {});
    await until(() => source.watched.size === 1);
    again();
    await until(() => source.watched.size === 0);
    return sizes;
  });
  expect(seen).toEqual([2, 2]);
});

test("a listener that throws keeps nobody else from hearing", async () => {
  const page = await site.page();
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  const told = await page.evaluate(async () => {
    const { client, MemorySource, notes, until } = window.stage;
    const source = new MemorySource();
    source.answer("notes", () => []);
    const tabweave = client({ source });
    let count = 0;
    tabweave.subscribe(notes, { list: "a" }, () => {
      throw new Error("a mistake of the app");
    });
    tabweave.subscribe(notes, { list: "a" }, () => {
      count += 1;
    });
    await until(() => count > 0);
    return count > 0;
  });
  expect(told).toBe(true);
  expect(errors).toContain("a mistake of the app");
});

describe("an edit", () => {
  test("shows its changed fields over whatever the document has become, and tells them to the server", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { client, MemorySource, notes, editNote, server, texts, until } = window.stage;
      const source = new MemorySource();
      source.answer("notes", () => [{ id: "1", list: "a", text: "old", extra: 1 }]);
      let answer = () => {};
      server.answer = () =>
        new Promise((resolve) => {
          answer = () => resolve("saved");
        });
      const tabweave = client({ source });
      tabweave.subscribe(notes, { list: "a" }, () => {});
      await until(() => texts(tabweave) && tabweave.connectivity.getSnapshot().role === "leader");
      const next = { id: "1", list: "a", text: "edited", extra: 1 };
      const { settled } = tabweave.mutate(editNote, { id: "1", next });
      source.answer("notes", () => [{ id: "1", list: "a", text: "old", extra: 2 }]);
      const shown = tabweave.view(notes, { list: "a" }).data;
      await until(() => server.calls.length === 1);
      const listed = tabweave.outbox.getSnapshot().operations.map(({ document }) => document);
      answer();
      return { shown, listed, args: server.calls[0]?.args, settled: await settled };
    });
    expect(seen).toEqual({
      shown: [{ id: "1", list: "a", text: "edited", extra: 2 }],
      listed: [{ collection: "notes", id: "1" }],
      args: {
        id: "1",
        base: { id: "1", list: "a", text: "old", extra: 1 },
        next: { id: "1", list: "a", text: "edited", extra: 1 },
        changed: ["text"],
      },
      settled: "saved",
    });
  });

  test("of a document that is not loaded is refused", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, editNote, outcome } = window.stage;
      const tabweave = await ready();
      const next = { id: "1", list: "a", text: "edited" };
      const elsewhere = tabweave.mutate(editNote, { id: "1", next, args: { list: "b" } });
      const unknown = tabweave.mutate(editNote, { id: "7", next: { ...next, id: "7" } });
      return [await outcome(elsewhere.settled), await outcome(unknown.settled)];
    });
    expect(seen).toMatchObject([{ code: "document_not_loaded" }, { code: "document_not_loaded" }]);
  });
});

test("keys are asked of a source that knows them, once for all changes of a task", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { client, defineOperation, MemorySource, notes, texts, until } = window.stage;
    const once = defineOperation<string, string>("once", {
      idempotent: true,
      confirmedByKey: true,
      optimistic: (tx, text) => tx.update(notes, "1", { text }),
      run: ({ args }) => args,
    });
    const source = new MemorySource({ knowsKeys: true });
    source.answer("notes", () => [{ id: "1", list: "a", text: "old" }]);
    const tabweave = client({ source, operations: [once] });
    tabweave.subscribe(notes, { list: "a" }, () => {});
    await until(() => texts(tabweave) && tabweave.connectivity.getSnapshot().role === "leader");
    source.keyLists.length = 0;
    const handles = ["first", "second"].map((text) => tabweave.mutate(once, text));
    const keys = handles.map(({ id }) => id);
    await Promise.all(handles.map(({ settled }) => settled));
    // The answers are there, the results are not: nothing may flash back.
    const answered = texts(tabweave);
    const asked = source.keyLists[0];
    source.answer("notes", () => [{ id: "1", list: "a", text: "confirmed" }], keys);
    await until(() => source.keyLists.at(-1)?.length === 0);
    const pending = tabweave.view(notes, { list: "a" }).pending.size;
    return { answered, isAsked: asked?.join() === keys.join(), shown: texts(tabweave), pending };
  });
  expect(seen).toEqual({ answered: ["second"], isAsked: true, shown: ["confirmed"], pending: 0 });
});
