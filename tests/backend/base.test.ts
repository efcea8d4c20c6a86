// `checkBase`: what counts as the same document, and what two people get who edit one at a time.
import type { ConvexClient } from "convex/browser";
import { type ApiFromModules, anyApi } from "convex/server";
import { ConvexError, type Value } from "convex/values";
import { convexTest } from "convex-test";
import { type Conflict, CURRENT_LENGTH_MAX, checkBase } from "tabweave/convex/server";
import { describe, expect, test } from "vitest";
import { Backend, FUNCTIONS } from "./backend.js";
import { rejection, values } from "./campaign.js";
import type * as entries from "./functions/entries.js";
import schema from "./functions/schema.js";
import type * as sheets from "./functions/sheets.js";
import type * as tabweave from "./functions/tabweave.js";

const api = anyApi as unknown as ApiFromModules<{
  entries: typeof entries;
  sheets: typeof sheets;
  tabweave: typeof tabweave;
}>;

/** Stores a sheet and checks an edit of it that was made on another one: what was thrown, if anything. */
async function checked(
  stored: { title: string; cell?: Value },
  seen: object,
  options?: { fields: Array<"title" | "cell"> },
): Promise<ConvexError<Conflict> | undefined> {
  const t = convexTest({ schema, modules: { "./_generated/api.js": async () => ({}) } });
  let thrown: unknown;
  await t.run(async (ctx) => {
    const sheet = await ctx.db.get(await ctx.db.insert("sheets", stored));
    if (sheet === null) throw new Error("it was just stored");
    try {
      expect(checkBase(ctx, sheet, { ...sheet, ...seen }, options)).toBe(sheet);
    } catch (error) {
      thrown = error;
    }
  });
  if (thrown === undefined) return undefined;
  expect(thrown).toBeInstanceOf(ConvexError);
  return thrown as ConvexError<Conflict>;
}

const bytes = (...of: number[]) => new Uint8Array(of).buffer;

describe("a document is the same", () => {
  test.each<[Value, Value]>([
    [1.5, 1.5],
    [2n ** 62n, 2n ** 62n],
    [Number.NaN, Number.NaN],
    [-0, -0],
    [bytes(1, 2), bytes(1, 2)],
    [
      { a: 1, b: [{ c: 2n, d: null }] },
      { b: [{ d: null, c: 2n }], a: 1 },
    ],
    [{ a: 1 }, { a: 1, b: undefined }],
  ])("with %o as with %o", async (stored, seen) => {
    expect(await checked({ title: "a", cell: stored }, { cell: seen })).toBeUndefined();
  });

  test("without a field as with one that is undefined", async () => {
    expect(await checked({ title: "a" }, { cell: undefined })).toBeUndefined();
  });
});

describe("a document is another one", () => {
  test.each<[Value, Value]>([
    [1, 1n],
    [0, -0],
    [Number.NaN, null],
    ["1", 1],
    [bytes(1), bytes(2)],
    [bytes(), []],
    [{ a: null }, {}],
    [
      [1, 2],
      [2, 1],
    ],
    [[], {}],
    [2n ** 62n, 2n ** 62n - 1n],
    // Fields that every object has.
    [{ constructor: 1 }, {}],
  ])("with %o than with %o", async (stored, seen) => {
    const error = await checked({ title: "a", cell: stored }, { cell: seen });
    expect(error?.data).toEqual({
      code: "conflict",
      tag: "tabweave:conflict",
      message: expect.stringMatching(/: cell\.$/),
      current: { _id: expect.any(String), _creationTime: expect.any(Number), title: "a", cell: stored },
    });
  });

  test.each<[string, { title: string; cell?: Value }, object]>([
    ["with a field more", { title: "a", cell: null }, { cell: undefined }],
    ["with a field less", { title: "a" }, { cell: null }],
    ["under another id", { title: "a" }, { _id: "another" }],
    ["of another time", { title: "a" }, { _creationTime: 1 }],
    ["with a field named like one that every object has", { title: "a" }, { toString: "a" }],
  ])("%s", async (_, stored, seen) => {
    expect((await checked(stored, seen))?.data.code).toBe("conflict");
  });
});

test("only the fields that an edit touches are compared, if it says so", async () => {
  const stored = { title: "a", cell: 1 };
  expect(await checked(stored, { cell: 2 }, { fields: ["title"] })).toBeUndefined();
  expect((await checked(stored, { title: "b" }, { fields: ["title"] }))?.data.current).toMatchObject(stored);
  expect((await checked(stored, { cell: undefined }, { fields: ["cell"] }))?.data.code).toBe("conflict");
  expect(await checked({ title: "a" }, { cell: undefined }, { fields: ["cell"] })).toBeUndefined();
});

test("what people wrote is in the data and not in the message, which is logged", async () => {
  const error = await checked({ title: "a secret" }, { title: "another secret" });
  expect(error?.data.current).toMatchObject({ title: "a secret" });
  expect(error?.message).toBe("The document is not what the edit was made on: title.");
});

test("a document that is too long to be told is left out, which is another thing than a removed one", async () => {
  const cell = Array.from({ length: 5 }, () => "x".repeat(CURRENT_LENGTH_MAX / 5 - 100));
  expect((await checked({ title: "a", cell }, { title: "b" }))?.data.current).toMatchObject({ cell });
  const error = await checked({ title: "a", cell: [...cell, "x".repeat(1000)] }, { title: "b" });
  expect(error?.data).toEqual({ code: "conflict", tag: "tabweave:conflict", message: error?.message });
});

/** Two people who look at one sheet. */
async function twoPeople() {
  const backend = await Backend.start(["--faults", "--token", "open-sesame", ...FUNCTIONS]);
  const [mira, oswin] = [backend.client(), backend.client()];
  const id = await mira.mutation(api.sheets.add, { title: "one", cell: { big: 2n ** 60n, odd: [-0, null] } });
  const get = async (client: ConvexClient) => {
    const sheet = await client.query(api.sheets.get, { id });
    if (sheet === null) throw new Error("it is there");
    return sheet;
  };
  const [base] = await Promise.all([get(mira), get(oswin)]);
  const edit = (client: ConvexClient, title: string, idempotencyKey: string, on = base) =>
    client.mutation(api.sheets.edit, { base: on, next: { ...on, title }, idempotencyKey });
  return { backend, mira, oswin, id, base, get, edit };
}

async function conflictOf(promise: Promise<unknown>): Promise<Conflict> {
  const error = await rejection(promise);
  expect(error).toBeInstanceOf(ConvexError);
  return (error as ConvexError<Conflict>).data;
}

describe("on the backend", () => {
  test("of two who edit what they both saw one is told what the other made of it", async () => {
    const { mira, oswin, base, get, edit } = await twoPeople();
    const both = [edit(mira, "mira's", "m"), edit(oswin, "oswin's", "o")];
    const ends = await Promise.allSettled(both);
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const now = await get(mira);
    expect(["mira's", "oswin's"]).toContain(now.title);
    expect((await conflictOf(Promise.all(both))).current).toEqual(now);
    expect(now).toEqual({ ...base, title: now.title });
  });

  test("a conflict leaves nothing: no write, and no record of its key", async () => {
    const { mira, oswin, base, get, edit } = await twoPeople();
    await edit(mira, "two", "m");
    const before = await mira.query(api.entries.list, {});
    expect((await conflictOf(edit(oswin, "three", "o"))).current).toMatchObject({ title: "two" });
    expect(await mira.query(api.entries.list, {})).toEqual(before);
    expect(await oswin.query(api.tabweave.outcomes, { keys: ["m", "o"] })).toEqual([
      { key: "m", result: null },
    ]);
    // So the key is free, for other arguments too, and is taken by what takes effect.
    const onTwo = await get(oswin);
    await edit(oswin, "three", "o", onTwo);
    expect(await get(mira)).toEqual({ ...base, title: "three" });
    await edit(mira, "four", "on", await get(mira));
    await edit(oswin, "three", "o", onTwo);
    expect((await get(mira)).title).toBe("four");
  });

  test("an edit that took effect is no conflict when it is sent again after its answer was lost", async () => {
    const { backend, mira, oswin, id, edit } = await twoPeople();
    const seen = values(oswin, api.sheets.get, { id });
    await backend.fail({ on: "mutation", action: "delay-response", times: 1 });
    const first = edit(mira, "two", "k");
    await expect.poll(() => seen.at(-1)?.title).toBe("two");
    await edit(oswin, "two", "k");
    await backend.command({ clear: true });
    await first;
    expect(seen.at(-1)?.title).toBe("two");
  });

  test("an edit of a removed document is told so", async () => {
    const { mira, oswin, id, edit } = await twoPeople();
    await mira.mutation(api.sheets.remove, { id });
    const conflict = await conflictOf(edit(oswin, "two", "o"));
    expect(conflict.current).toBeNull();
  });

  test("an edit of one field does not mind the others", async () => {
    const { mira, oswin, id, base, get } = await twoPeople();
    const retitle = (client: ConvexClient, seen: string, title: string) =>
      client.mutation(api.sheets.retitle, { id, base: { title: seen }, title });
    await mira.mutation(api.sheets.edit, { base, next: { ...base, cell: 7n } });
    await retitle(oswin, "one", "two");
    expect(await get(mira)).toEqual({ ...base, title: "two", cell: 7n });
    expect((await conflictOf(retitle(mira, "one", "three"))).current).toMatchObject({
      cell: 7n,
      title: "two",
    });
  });

  test("a document as large as a table holds comes along whole", async () => {
    const { mira, oswin } = await twoPeople();
    const cell = [new Uint8Array(700_000).fill(7).buffer, "ü".repeat(150_000)];
    const id = await mira.mutation(api.sheets.add, { title: "large", cell });
    const now = await mira.query(api.sheets.get, { id });
    if (now === null) throw new Error("it is there");
    const base = { ...now, title: "as it was" };
    const conflict = await conflictOf(oswin.mutation(api.sheets.edit, { base, next: base }));
    expect(conflict.current).toEqual(now);
  });
});
