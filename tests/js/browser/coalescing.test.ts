import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

test("changes of one text that were not sent become one, and the calls of all of them end as that does", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ready, defineOperation, notes, texts, until } = window.stage;
    const sent: string[] = [];
    const write = defineOperation<{ id: string; text: string }, string>("write", {
      idempotent: true,
      run: ({ args }) => {
        sent.push(args.text);
        return new Promise((resolve) => setTimeout(() => resolve(`${args.text}!`), 50));
      },
      optimistic: (tx, { id, text }) => tx.update(notes, id, { text }),
      coalesce: (older, newer) => (older.id === newer.id ? newer : "both"),
    });
    const tabweave = await ready({ operations: [write] });
    const calls = ["a", "ab", "abc", "abcd"].map((text) => tabweave.mutate(write, { id: "1", text }));
    const shown = texts(tabweave);
    await until(() => tabweave.outbox.getSnapshot().operations.some((one) => one.mergedInto !== undefined));
    const results = await Promise.all(calls.map(({ settled }) => settled));
    return { sent, shown, results, waiting: tabweave.outbox.getSnapshot().waiting };
  });
  expect(seen.shown).toEqual(["abcd"]);
  expect(seen.waiting).toBe(0);
  // What was on its way when the others came was not touched; how many that are is the browser's choice.
  expect(seen.sent.at(-1)).toBe("abcd");
  expect(seen.sent.length).toBeLessThan(4);
  expect(seen.results.at(-1)).toBe("abcd!");
  for (const result of seen.results) expect(seen.sent.map((text) => `${text}!`)).toContain(result);
});

test("edits of one document become one edit, from what was first seen to what was last wanted", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { client, MemorySource, defineEdit, notes, until, texts } = window.stage;
    const edits: unknown[] = [];
    const change = defineEdit<{ id: string; list: string; text: string }, { list: string }>("change", {
      document: notes,
      idempotent: true,
      coalesce: true,
      run: ({ base, next }) => void edits.push([base.text, next.text]),
    });
    const source = new MemorySource();
    source.answer("notes", () => [{ id: "1", list: "a", text: "old" }]);
    const tabweave = client({ source, operations: [change] });
    tabweave.subscribe(notes, { list: "a" }, () => {});
    await until(() => texts(tabweave) !== undefined);
    source.setConnected(false);
    const edit = (text: string) => tabweave.mutate(change, { id: "1", next: { id: "1", list: "a", text } });
    const calls = [edit("new"), edit("newer")];
    await until(() => tabweave.outbox.getSnapshot().waiting === 1);
    source.setConnected(true);
    await Promise.all(calls.map(({ settled }) => settled));
    return edits;
  });
  expect(seen).toEqual([["old", "newer"]]);
});

test("a function that throws keeps them apart, and says so", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { client, MemorySource, defineOperation, until } = window.stage;
    const sent: number[] = [];
    const odd = defineOperation<number>("odd", {
      idempotent: true,
      run: ({ args }) => void sent.push(args),
      coalesce: () => {
        throw new Error("odd");
      },
    });
    const source = new MemorySource({ connected: false });
    const tabweave = client({ source, operations: [odd] });
    const calls = [1, 2, 3].map((number) => tabweave.mutate(odd, number).settled);
    const codes = () => tabweave.diagnostics.getSnapshot().map(({ code }) => code);
    await until(() => codes().includes("coalesce_threw"));
    source.setConnected(true);
    await Promise.all(calls);
    return { sent, codes: codes() };
  });
  expect(seen).toEqual({ sent: [1, 2, 3], codes: expect.arrayContaining(["coalesce_threw"]) });
});
