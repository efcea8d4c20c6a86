import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonical } from "../../../pkg/src/audit/canonical.js";
import { type Part, placed } from "../../../pkg/src/audit/place.js";
import { replayAudit } from "../../../pkg/src/audit/replay.js";
import type { AuditValue } from "../../../pkg/src/audit/types.js";
import type { Path } from "../../../pkg/src/merge/types.js";
import { chainOf, type Decided, decision } from "./audit-chain.js";

const own = (json: string) => JSON.parse(json) as object;

test.each<[string, unknown, Path, Part, Part | undefined]>([
  ["the document", { a: 1 }, [], { value: 7 }, { value: 7 }],
  ["the document, gone", { a: 1 }, [], {}, {}],
  ["a field", { a: 1, b: 2 }, ["a"], { value: 7 }, { value: { a: 7, b: 2 } }],
  ["a new field", { a: 1 }, ["b"], { value: undefined }, { value: { a: 1, b: undefined } }],
  ["a field, gone", { a: 1, b: 2 }, ["a"], {}, { value: { b: 2 } }],
  ["a field that is gone, gone", { b: 2 }, ["a"], {}, { value: { b: 2 } }],
  ["a field of a field", { a: { b: 1 } }, ["a", "b"], { value: 7 }, { value: { a: { b: 7 } } }],
  ["a field of no field", {}, ["a", "b"], { value: 7 }, undefined],
  ["a field of a text", { a: "text" }, ["a", "length"], { value: 7 }, undefined],
  ["a field of a list", { a: [] }, ["a", "length"], { value: 7 }, undefined],
  ["a field of a date", { a: new Date(1) }, ["a", "b"], { value: 7 }, undefined],
  [
    "`__proto__`",
    own('{"__proto__":1,"b":2}'),
    ["__proto__"],
    { value: 7 },
    { value: own('{"__proto__":7,"b":2}') },
  ],
  [
    "beside `__proto__`",
    own('{"__proto__":1}'),
    ["b"],
    { value: 2 },
    { value: own('{"__proto__":1,"b":2}') },
  ],
  ["`constructor`, which is no field", {}, ["constructor", "name"], { value: 7 }, undefined],
  ["a place", [1, 2, 3], [1], { value: 7 }, { value: [1, 7, 3] }],
  ["a place at the end", [1], [1], { value: 7 }, { value: [1, 7] }],
  ["a place, gone", [1, 2, 3], [1], {}, { value: [1, 3] }],
  ["a place beyond the end", [1], [2], { value: 7 }, undefined],
  ["a place before the beginning", [1], [-1], { value: 7 }, undefined],
  ["no place", [1], [0.5], { value: 7 }, undefined],
  [
    "an element",
    [{ id: 1, a: 1 }, { id: 2 }],
    [{ by: "id", key: 1 }, "a"],
    { value: 7 },
    { value: [{ id: 1, a: 7 }, { id: 2 }] },
  ],
  [
    "a new element",
    [{ id: 1 }],
    [{ by: "id", key: 2 }],
    { value: { id: 2 } },
    { value: [{ id: 1 }, { id: 2 }] },
  ],
  ["an element, gone", [{ id: 1 }, { id: 2 }], [{ by: "id", key: 1 }], {}, { value: [{ id: 2 }] }],
  ["an element that is gone, gone", [{ id: 2 }], [{ by: "id", key: 1 }], {}, { value: [{ id: 2 }] }],
  ["a field of an element that is gone", [], [{ by: "id", key: 1 }, "a"], { value: 7 }, undefined],
  [
    "an element by a key that is an object",
    [null, 7, { id: { x: 1 } }],
    [{ by: "id", key: { x: 1 } }],
    {},
    { value: [null, 7] },
  ],
  ["an element of an object", {}, [{ by: "id", key: 1 }], { value: 7 }, undefined],
  [
    "an entry of a map",
    new Map([
      ["a", 1],
      ["b", 2],
    ]),
    [{ key: "a" }],
    { value: 7 },
    {
      value: new Map([
        ["a", 7],
        ["b", 2],
      ]),
    },
  ],
  [
    "a new entry of a map",
    new Map([["b", 2]]),
    [{ key: "a" }],
    { value: 7 },
    {
      value: new Map([
        ["b", 2],
        ["a", 7],
      ]),
    },
  ],
  ["an entry of a map, gone", new Map([["a", 1]]), [{ key: "a" }], {}, { value: new Map() }],
  [
    "an entry by a key that is an object",
    new Map([[new Date(1), 1]]),
    [{ key: new Date(1) }],
    {},
    { value: new Map() },
  ],
  ["a field of a map", new Map([["a", 1]]), ["a"], { value: 7 }, undefined],
  ["an element of a map", new Map([["a", 1]]), [{ by: "id", key: "a" }], { value: 7 }, undefined],
])("%s", (_, value, path, result, expected) => {
  const before = canonical(value);
  expect(placed({ value }, path, result)).toStrictEqual(expected);
  expect(canonical(value), "it is left as it was").toEqual(before);
});

test("what is not on the way stays the same", () => {
  const document = { title: "a", meta: { deep: [1] }, items: [{ id: 1 }, { id: 2 }] };
  const next = placed({ value: document }, ["items", { by: "id", key: 1 }, "done"], { value: true });
  expect(next?.value).toEqual({ ...document, items: [{ id: 1, done: true }, { id: 2 }] });
  const shown = next?.value as typeof document | undefined;
  expect(shown?.meta).toBe(document.meta);
  expect(shown?.items[1]).toBe(document.items[1]);
});

test("entries that cannot be followed are told, and the others are followed", () => {
  const entries = chainOf([
    decision({ path: ["title"], result: { value: "b" } }),
    decision({ path: ["title"], result: { hash: "0".repeat(64) } }),
    decision({ path: ["lost", "title"], result: { value: "c" } }),
    decision({ path: ["gone"] }),
  ]);
  expect(replayAudit({ value: { title: "a", gone: 1 } }, entries)).toStrictEqual({
    value: { title: "b" },
    skipped: [
      { number: 1, why: "hash" },
      { number: 2, why: "nowhere" },
    ],
  });
});

// Documents as they are edited in place, and what was done to them as decisions.

interface Card {
  id: number;
  title?: unknown;
}
interface Board {
  title?: unknown;
  cards: Card[];
  tags: unknown[];
  meta: Map<unknown, unknown>;
  inner: { left?: unknown; right?: unknown };
}

const value = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, Number.NaN, -0, 1n, "text"),
  fc
    .anything({ withDate: true, withMap: true, withSet: true, withBigInt: true })
    .map((it) => structuredClone(it)),
);
const change = fc.record({
  where: fc.constantFrom("title", "card", "new card", "card title", "tag", "meta", "inner", "all of inner"),
  at: fc.nat({ max: 9 }),
  value,
  isGone: fc.boolean(),
});

type Change = typeof change extends fc.Arbitrary<infer It> ? It : never;

/** Does it to the board itself, and says which decision that is. */
function edit(board: Board, { where, at, value, isGone }: Change, newId: number): Decided {
  const to = (path: Path, result?: AuditValue) => decision({ path, ...(result && { result }) });
  const field = (object: object, name: string, around: Path) => {
    if (isGone) delete (object as Record<string, unknown>)[name];
    else (object as Record<string, unknown>)[name] = value;
    return to([...around, name], isGone ? undefined : { value });
  };
  const card = board.cards[at % Math.max(1, board.cards.length)];
  if (where === "card title" && card) return field(card, "title", ["cards", { by: "id", key: card.id }]);
  if (where === "card" && card) {
    board.cards.splice(board.cards.indexOf(card), 1);
    return to(["cards", { by: "id", key: card.id }]);
  }
  if (where === "new card") {
    const made = { id: newId, title: value };
    board.cards.push(structuredClone(made));
    return to(["cards", { by: "id", key: newId }], { value: made });
  }
  if (where === "tag") {
    const place = at % (board.tags.length + 1);
    if (isGone) board.tags = board.tags.filter((_, other) => other !== place);
    else board.tags[place] = value;
    return to(["tags", place], isGone ? undefined : { value });
  }
  if (where === "meta") {
    const key = at % 2 === 0 ? `key ${at}` : [at];
    const known = [...board.meta.keys()].find(
      (other) => String(other) === String(key) && typeof other === typeof key,
    );
    if (isGone) board.meta.delete(known ?? key);
    else board.meta.set(known ?? key, value);
    return to(["meta", { key }], isGone ? undefined : { value });
  }
  if (where === "all of inner") {
    board.inner = { left: at };
    return to(["inner"], { value: { left: at } });
  }
  return where === "inner"
    ? field(board.inner, at % 2 === 0 ? "left" : "right", ["inner"])
    : field(board, "title", []);
}

test("following a trail from the first version gives the last one, whatever was decided", () => {
  const first = (): Board => ({
    title: "a",
    cards: [{ id: 1 }, { id: 2, title: "b" }],
    tags: ["x"],
    meta: new Map<unknown, unknown>([["key 0", 0]]),
    inner: { left: 1 },
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 25 }), (changes) => {
      const board = first();
      const entries = chainOf(changes.map((it, at) => edit(board, it, 100 + at)));
      const [base, untouched] = [first(), first()];
      const replayed = replayAudit({ value: base }, entries);
      expect(replayed.skipped).toEqual([]);
      expect(canonical(replayed.value)).toEqual(canonical(board));
      expect(canonical(base), "the first version is left as it was").toEqual(canonical(untouched));
      // Half of the way and then the rest is the same way.
      const half = entries.length >> 1;
      const middle = replayAudit({ value: base }, entries.slice(0, half));
      expect(canonical(replayAudit(middle, entries.slice(half)).value)).toEqual(canonical(board));
    }),
    { numRuns: 400 },
  );
});
