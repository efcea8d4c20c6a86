// What is known of what the server holds, from what was thrown to what the engine is told.
import { describe, expect, test } from "vitest";
import { collection } from "../../../pkg/src/definition/collection.js";
import { ConflictError, currentOf } from "../../../pkg/src/definition/conflict.js";
import { PARTS } from "../../../pkg/src/definition/parts.js";
import { toldCurrent } from "../../../pkg/src/engine/current.js";
import { plainError, revivedError } from "../../../pkg/src/errors/plain.js";

const TAGGED = { tag: "tabweave:conflict", code: "conflict" };

describe("an error says what the server holds", () => {
  test.each<[string, unknown, object]>([
    ["as the app made it", new ConflictError({ removed: true }), { current: { removed: true } }],
    ["not if the app did not say", new ConflictError(), {}],
    ["not under a name that others have too", { name: "ConflictError", current: { removed: true } }, {}],
    [
      "as checkBase threw it",
      { data: { ...TAGGED, current: { text: "a" } } },
      { current: { document: { text: "a" } } },
    ],
    ["if that is nothing", { data: { ...TAGGED, current: null } }, { current: { removed: true } }],
    ["not if it was too long", { data: TAGGED }, {}],
    ["not without the tag", { data: { code: "conflict", current: { text: "a" } } }, {}],
    ["not if it is no error at all", "conflict", {}],
  ])("%s", (_, error, said) => {
    expect(currentOf(error)).toEqual(said);
  });
});

describe("the engine is told of it", () => {
  const notes = collection<{ id: string }>("notes", { key: "id" })[PARTS];
  const edit = { kind: "edit", collection: "notes", document: "1", base: {}, next: {} } as const;
  const document = { id: "1", big: 2n ** 60n };

  test.each<[string, unknown, unknown]>([
    ["the document", { document }, { document }],
    ["that it is gone", { removed: true }, { removed: true }],
    ["not of another document", { document: { id: "2" } }, undefined],
    ["nothing that is no document", { document: "text" }, undefined],
    ["nothing that cannot be stored", { document: { ...document, call: () => {} } }, undefined],
    ["nothing that says neither", { removed: false }, undefined],
    ["nothing of nothing", undefined, undefined],
  ])("%s", (_, said, told) => {
    expect(toldCurrent(said, edit, notes)).toEqual(told);
  });

  test("a copy, which the app cannot change any more", () => {
    const told = toldCurrent({ document }, edit, notes);
    expect(told).toEqual({ document });
    expect((told as { document: unknown }).document).not.toBe(document);
  });

  test("not if the app's key cannot be told from it", () => {
    const byOwner = collection<{ owner: { id: string } }>("notes", { key: ({ owner }) => owner.id })[PARTS];
    expect(toldCurrent({ document: { owner: { id: "1" } } }, edit, byOwner)).toBeDefined();
    expect(toldCurrent({ document: {} }, edit, byOwner)).toBeUndefined();
  });

  test("whatever it is, if what was done is no edit", () => {
    const intent = { kind: "intent", arguments: {} } as const;
    expect(toldCurrent({ document: { any: 1 } }, intent, undefined)).toEqual({ document: { any: 1 } });
  });
});

test("the error is stored without it, and is a conflict all the same", () => {
  const data = { ...TAGGED, message: "m", current: { secret: 1 } };
  const stored = plainError(Object.assign(new Error("m"), { name: "ConvexError", data }));
  expect(stored.data).toEqual({ ...TAGGED, message: "m" });
  expect(plainError({ data: { current: 1 } }).data).toEqual({ current: 1 });
  const ours = revivedError(plainError(new ConflictError({ document: { secret: 1 } })));
  expect(JSON.stringify({ ...ours })).not.toContain("secret");
  expect(ours).toMatchObject({ name: "ConflictError", code: "conflict" });
});
