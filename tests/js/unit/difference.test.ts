import fc from "fast-check";
import { expect, test } from "vitest";
import { bothOf } from "../../../pkg/src/resolve/both.js";
import { listDifference, textDifference } from "../../../pkg/src/resolve/difference.js";
import { regionsOf } from "../../../pkg/src/resolve/sequence.js";

function marked(before: string, after: string): string {
  const signs = { same: "", removed: "-", added: "+" };
  return textDifference(before, after)
    .map(({ kind, text }) => (kind === "same" ? text : `[${signs[kind]}${text}]`))
    .join("");
}

test("differences of texts are whole words, and neighbours are one", () => {
  expect(marked("The bridge is old.", "The rope bridge is old and wet.")).toBe(
    "The [+rope ]bridge is old[+ and wet].",
  );
  expect(marked("at dawn today", "by night today")).toBe("[-at dawn][+by night] today");
  expect(marked("same", "same")).toBe("same");
  expect(marked("", "new")).toBe("[+new]");
  expect(marked("old", "")).toBe("[-old]");
});

test("the words of a difference are those of both texts", () => {
  const text = fc.array(fc.constantFrom("a", "b", " ", "\n", "é", "龍", "."), { maxLength: 20 });
  fc.assert(
    fc.property(text, text, (old, now) => {
      const spans = textDifference(old.join(""), now.join(""));
      const without = (kind: string) =>
        spans
          .filter((span) => span.kind !== kind)
          .map((span) => span.text)
          .join("");
      expect(without("added")).toBe(old.join(""));
      expect(without("removed")).toBe(now.join(""));
    }),
  );
});

test("long texts that have nothing in common are told apart at once", () => {
  const words = (seed: number) =>
    Array.from({ length: 20_000 }, (_, at) => `w${(at * seed) % 997}`).join(" ");
  const spans = textDifference(words(31), words(57));
  expect(spans.length).toBeGreaterThan(1);
});

test("elements of lists that came, went, moved and changed", () => {
  const kinds = (before: unknown[], after: unknown[]) =>
    listDifference(before, after).map(({ kind, value }) => `${kind} ${JSON.stringify(value)}`);
  expect(kinds(["a", "b", "c"], ["c", "a", "d"])).toEqual([
    'removed "b"',
    'same "c"',
    'moved "a"',
    'added "d"',
  ]);
  const person = (id: number, hp: number) => ({ id, hp });
  expect(kinds([person(1, 5), person(2, 5)], [person(2, 5), person(1, 4)])).toEqual([
    'same {"id":2,"hp":5}',
    'changed {"id":1,"hp":4}',
  ]);
  expect(kinds([], [])).toEqual([]);
  expect(kinds(["a"], ["a", "a"])).toEqual(['same "a"', 'added "a"']);
  expect(kinds(["a", "a"], ["a"])).toEqual(['same "a"', 'removed "a"']);
});

test("the elements of a difference are those of both lists", () => {
  const list = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 });
  fc.assert(
    fc.property(list, list, (before, after) => {
      const changes = listDifference(before, after);
      const of = (...kinds: string[]) =>
        changes.filter(({ kind }) => kinds.includes(kind)).map(({ value }) => value);
      expect(of("same", "moved", "added")).toEqual(after);
      expect(of("same", "moved", "removed").sort()).toEqual([...before].sort());
    }),
  );
});

test("long lists are told apart at once, and put together", () => {
  const long = Array.from({ length: 20_000 }, (_, id) => ({ id }));
  const [mine, theirs] = [long.slice(1), [...long, { id: -1 }]];
  expect(listDifference(long, mine).filter(({ kind }) => kind !== "same")).toHaveLength(1);
  expect(bothOf({ base: long, local: mine, server: theirs })?.value).toHaveLength(20_000);
});

test("regions cover all three sequences, in order and without a gap", () => {
  const list = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 });
  fc.assert(
    fc.property(list, list, list, (base, local, server) => {
      const regions = regionsOf(base, local, server);
      for (const [name, whole] of Object.entries({ base, local, server })) {
        const parts = regions.map((region) => whole.slice(...region[name as "base" | "local" | "server"]));
        expect(parts.flat()).toEqual(whole);
      }
      for (const { changed, ...stretches } of regions) {
        const [old, mine, theirs] = [
          base.slice(...stretches.base),
          local.slice(...stretches.local),
          server.slice(...stretches.server),
        ];
        if (changed === "nobody" || changed === "local") expect(theirs).toEqual(old);
        if (changed === "nobody" || changed === "server") expect(mine).toEqual(old);
      }
    }),
  );
});
