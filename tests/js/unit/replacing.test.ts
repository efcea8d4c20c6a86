import { expect, test } from "vitest";
import type { OperationBody } from "../../../pkg/src/engine/binding.js";
import { creatorOf, creatorsIn, namedIn, renamed, replaced } from "../../../pkg/src/engine/replacing.js";
import { newId } from "../../../pkg/src/id.js";
import { placeholderOf } from "../../../pkg/src/placeholder.js";

const operation = newId();
const first = placeholderOf(operation);
const second = placeholderOf(operation, 1);
const names = new Map<string, string | number>([
  [first, "the first of the server"],
  [second, 2],
]);
const swap = <Value>(value: Value) => replaced(value, (text) => names.get(text));

test.each<[unknown, unknown]>([
  [first, "the first of the server"],
  [
    [1, [second], first],
    [1, [2], "the first of the server"],
  ],
  [
    { a: { b: first }, [second]: 1 },
    { a: { b: "the first of the server" }, 2: 1 },
  ],
  [new Map([[first, [second]]]), new Map([["the first of the server", [2]]])],
  [new Set([second, "other"]), new Set([2, "other"])],
])("%o becomes %o", (value, expected) => {
  expect(swap(value)).toEqual(expected);
});

test("what holds no placeholder keeps its identity, and so does each part of what does", () => {
  const at = new Date(5);
  const bytes = new Uint8Array([1]);
  const untouched = {
    list: [1, { text: `about ${first}` }],
    map: new Map([["a", new Set([1n])]]),
    at,
    bytes,
  };
  expect(swap(untouched)).toBe(untouched);
  const next = swap({ untouched, id: first });
  expect(next.untouched).toBe(untouched);
  expect(next.id).toBe("the first of the server");
});

test("a key called `__proto__` is data, in what is read and in what is made", () => {
  const value = JSON.parse(`{ "__proto__": { "id": "${first}" }, "id": "x" }`) as object;
  const next = swap(value);
  expect(JSON.stringify(next)).toBe(`{"__proto__":{"id":"the first of the server"},"id":"x"}`);
  expect(Object.getPrototypeOf(next)).toBe(Object.prototype);
  expect(({} as { id?: unknown }).id).toBeUndefined();
});

test("what holds itself, or goes deeper than is looked, comes to an end", () => {
  const circle: Record<string, unknown> = { id: first };
  circle.self = circle;
  expect(swap(circle).id).toBe("the first of the server");
  let deep: unknown = first;
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
  expect(swap(deep)).toBe(deep);
});

test("a placeholder is a whole text of this form and nothing else", () => {
  expect(creatorOf(first)).toBe(operation);
  expect([`${first} `, "tabweave:1:0", `tabweave:${operation}`, operation].map(creatorOf)).toEqual(
    Array(4).fill(undefined),
  );
  expect(creatorsIn(`notes/${first}/${placeholderOf(newId())}`)).toHaveLength(2);
});

test("an edit is of the document's new id, a text also if the id is a number", () => {
  const edit: OperationBody = {
    kind: "edit",
    collection: "notes",
    document: second,
    base: { id: second, parent: first },
    next: { id: second, parent: null },
  };
  expect(new Set(namedIn(edit))).toEqual(new Set([second, first]));
  expect(renamed(edit, names)).toEqual({
    kind: "edit",
    collection: "notes",
    document: "2",
    base: { id: 2, parent: "the first of the server" },
    next: { id: 2, parent: null },
  });
  expect(renamed(edit, new Map())).toBe(edit);
});
