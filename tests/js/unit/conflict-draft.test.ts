import fc from "fast-check";
import { expect, test } from "vitest";
import type { ParkedConflict } from "../../../pkg/src/merge/parked.js";
import type { MergeConflict, Path } from "../../../pkg/src/merge/types.js";
import {
  conflictDraft,
  type DraftStep,
  draftAfter,
  draftProgress,
  draftResolution,
  redrafted,
} from "../../../pkg/src/resolve/conflictDraft.js";
import { partAt, withPart } from "../../../pkg/src/resolve/part.js";

const mira = { by: "id", key: "mira" };

function parked(conflicts: readonly MergeConflict[], parts: Partial<ParkedConflict> = {}): ParkedConflict {
  return {
    id: "op",
    name: "editScene",
    collection: "scenes",
    document: "1",
    atMs: 0,
    merged: { value: parts.server, decisions: [], conflicts },
    ...parts,
  };
}

function conflict(path: Path, sides: Partial<MergeConflict>): MergeConflict {
  return { path, why: "both_changed", rule: "manual", ...sides };
}

/** A scene in which both changed hit points, the tags and the note. */
function scene(): ParkedConflict {
  const of = (hp: number, tags: string[], note: string) => ({ people: [{ id: "mira", hp }], tags, note });
  const base = of(20, ["night", "rain"], "The bridge is old.");
  const local = of(14, ["night", "rain", "boss"], "The bridge is old and wet.");
  const server = of(9, ["night", "fog"], "The rope bridge is old.");
  const at = (path: Path) => ({
    base: partAt({ value: base }, path)?.value,
    local: partAt({ value: local }, path)?.value,
    server: partAt({ value: server }, path)?.value,
  });
  const paths: Path[] = [["people", mira, "hp"], ["tags"], ["note"]];
  return parked(
    paths.map((path) => conflict(path, at(path))),
    { base, local, server },
  );
}

function after(given: ParkedConflict, ...steps: DraftStep[]) {
  return steps.reduce(draftAfter, conflictDraft(given));
}

const choose = (part: string, kind: "local" | "server" | "merge"): DraftStep => ({
  type: "choose",
  part,
  choice: { kind },
});

test("each part is as it was chosen, what is undecided as the server has it, and nothing given is changed", () => {
  const given = scene();
  const before = structuredClone(given);
  const manual: DraftStep = { type: "choose", part: "c2", choice: { kind: "manual", result: "It holds." } };
  const draft = after(given, choose("c0", "local"), manual);
  expect(draftProgress(draft)).toEqual({ decided: 2, total: 3 });
  const { value, choices } = draftResolution(draft);
  expect(value).toEqual({ people: [{ id: "mira", hp: 14 }], tags: ["night", "fog"], note: "It holds." });
  expect(choices).toEqual([
    { path: ["people", mira, "hp"], kind: "local", result: 14 },
    { path: ["note"], kind: "manual", result: "It holds." },
  ]);
  expect(given).toEqual(before);
});

test("both: the words of both texts, and the elements of both lists without what one of them removed", () => {
  const draft = after(scene(), choose("c1", "merge"), choose("c2", "merge"));
  expect(draftResolution(draft).value).toMatchObject({
    tags: ["night", "boss", "fog"],
    note: "The rope bridge is old and wet.",
  });
});

test("both is not offered for numbers, single words, lists in another order, and where one side has it all", () => {
  const offered = (sides: Partial<MergeConflict>) =>
    Object.hasOwn(conflictDraft(parked([conflict(["a"], sides)])).parts[0]!, "both");
  expect(offered({ base: 1, local: 2, server: 3 })).toBe(false);
  expect(offered({ base: "planned", local: "live", server: "paused" })).toBe(false);
  expect(offered({ base: "x", local: "to one", server: "to two" })).toBe(true);
  expect(offered({ base: "a", local: "b", server: "c", rule: "text" })).toBe(true);
  expect(offered({ base: [1, 2], local: [2, 1], server: [1, 2, 3], why: "reordered" })).toBe(false);
  expect(offered({ base: [1], local: [1, 2], server: [1, 2, 3] })).toBe(false);
  expect(offered({ base: [1], server: [1, 3] })).toBe(false);
  const at = (x: number) => [{ id: 1, x }];
  expect(offered({ base: at(1), local: at(2), server: at(3) })).toBe(false);
});

test("both texts at one place: mine, then theirs", () => {
  const both = (base: string, local: string, server: string) =>
    conflictDraft(parked([conflict(["a"], { base, local, server })])).parts[0]?.both;
  expect(both("Meet at noon.", "Meet at dusk.", "Meet at midnight.")).toBe("Meet at dusk midnight.");
  expect(both("Bring a rope.", "Bring a rope. And oil.", "Bring a rope. And salt.")).toBe(
    "Bring a rope. And oil. And salt.",
  );
});

test("all mine and all theirs decide every conflict, and leave what a rule decided", () => {
  const given = scene();
  const decision = {
    path: ["round"],
    rule: "max",
    kind: "auto" as const,
    base: 1,
    local: 2,
    server: 3,
    result: 3,
  };
  const merged = { ...given.merged, decisions: [decision], value: { ...(given.server as object), round: 3 } };
  const draft = after({ ...given, merged }, choose("c0", "server"), { type: "chooseAll", side: "local" });
  expect(draftResolution(draft).value).toEqual({ ...(given.local as object), round: 3 });
  const overridden = draftAfter(draft, choose("d0", "local"));
  expect(draftResolution(overridden).value).toEqual({ ...(given.local as object), round: 2 });
  expect(draftProgress(overridden)).toEqual({ decided: 3, total: 3 });
  const back = draftAfter(overridden, { type: "clear", part: "d0" });
  expect(draftResolution(back)).toEqual(draftResolution(draft));
});

test("what is chosen again changes nothing, nor does what cannot be chosen", () => {
  const draft = after(scene(), choose("c0", "local"));
  expect(draftAfter(draft, choose("c0", "local"))).toBe(draft);
  expect(draftAfter(draft, choose("c0", "merge"))).toBe(draft);
  expect(draftAfter(draft, choose("c9", "local"))).toBe(draft);
  expect(draftAfter(draft, { type: "redo" })).toBe(draft);
});

test("an element that one side removed goes, or comes back to its place", () => {
  const list = (...keys: string[]) => keys.map((key) => ({ id: key, hp: 1 }));
  const removed = conflict([mira], { base: list("mira")[0], server: list("mira")[0], why: "removed" });
  const mine = parked([removed], { local: list("a", "b"), server: list("a", "mira", "b") });
  expect(draftResolution(after(mine, choose("c0", "local")))).toEqual({
    value: list("a", "b"),
    choices: [{ path: [mira], kind: "local" }],
  });
  const gone = conflict([mira], { base: list("mira")[0], local: { id: "mira", hp: 7 }, why: "removed" });
  const local = [...list("a"), { id: "mira", hp: 7 }, ...list("b")];
  const theirs = parked([gone], { local, server: list("a", "c", "b") });
  const { value } = draftResolution(after(theirs, choose("c0", "local")));
  expect(value).toEqual([...list("a"), { id: "mira", hp: 7 }, ...list("c", "b")]);
});

test("a document that the server removed comes back, or stays away", () => {
  const local = { text: "kept" };
  const given = parked([conflict([], { base: { text: "old" }, local, why: "removed" })], { local });
  expect(Object.hasOwn(draftResolution(conflictDraft(given)), "value")).toBe(false);
  expect(draftResolution(after(given, choose("c0", "local"))).value).toBe(local);
  expect(draftResolution(after(given, choose("c0", "server")))).toEqual({
    choices: [{ path: [], kind: "server" }],
  });
});

test("places in a list without keys are those of what was given", () => {
  const server = ["a", "b", "c", "d"];
  const given = parked(
    [1, 2, 0].map((at) => conflict([at], { base: "x", server: server[at], ...(at === 2 && { local: "C" }) })),
    { server },
  );
  const draft = after(given, { type: "chooseAll", side: "local" });
  expect(draftResolution(draft).value).toEqual(["C", "d"]);
});

test("a document that changed again keeps the choices of the parts that did not", () => {
  const given = scene();
  const draft = after(given, choose("c0", "local"), choose("c1", "server"));
  expect(redrafted(draft, given)).toBe(draft);
  const [hp, tags, note] = given.merged.conflicts as [MergeConflict, MergeConflict, MergeConflict];
  const merged = { ...given.merged, conflicts: [note, { ...tags, server: ["fog"] }, hp] };
  const next = redrafted(draft, { ...given, merged });
  expect([...next.choices]).toEqual([["c2", { kind: "local" }]]);
  expect(next.past).toEqual([]);
  expect(redrafted(draft, { ...given, id: "other" }).choices.size).toBe(0);
});

const step = fc.oneof(
  fc.record({
    type: fc.constant("choose" as const),
    part: fc.constantFrom("c0", "c1", "c2"),
    choice: fc.oneof(
      fc.record({ kind: fc.constantFrom("local" as const, "server" as const, "merge" as const) }),
      fc.record({
        kind: fc.constant("manual" as const),
        result: fc.constantFrom<unknown>(1, "x", undefined),
      }),
    ),
  }),
  fc.record({ type: fc.constant("clear" as const), part: fc.constantFrom("c0", "c1", "c2") }),
  fc.record({
    type: fc.constant("chooseAll" as const),
    side: fc.constantFrom("local" as const, "server" as const),
  }),
);

test("as many undos as there were steps lead back, and as many redos forth again", () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const start = conflictDraft(scene());
      const end = steps.reduce(draftAfter, start);
      let draft = end;
      while (draft.past.length > 0) draft = draftAfter(draft, { type: "undo" });
      expect(draft.choices).toEqual(start.choices);
      while (draft.future.length > 0) draft = draftAfter(draft, { type: "redo" });
      expect(draft.choices).toEqual(end.choices);
      expect(draftResolution(draft)).toEqual(draftResolution(end));
    }),
  );
});

const segment = fc.oneof(
  fc.constantFrom("a", "__proto__", "constructor"),
  fc.nat(3),
  fc.constantFrom({ by: "id", key: 1 }, { by: "__proto__", key: "x" }, { key: "k" }, { key: new Date(0) }),
);

test("what is put somewhere is found there, the rest keeps its identity, and no prototype is touched", () => {
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.anything(), (path, other) => {
      const given = { a: [{ id: 1, b: other }, other], m: new Map([["k", other]]), other: { other } };
      const parts = [given.other, given.a, given.a[0], given.m];
      // An element with a key has that key.
      const last = path.at(-1);
      const value = typeof last === "object" && "by" in last ? { [last.by]: last.key } : { put: true };
      const next = withPart({ value: given }, path, { value });
      const document = next?.value as typeof given;
      if (document !== given) expect(document.other).toBe(given.other);
      // Within what is made for the path, elements have no keys yet; and behind the end of a list is its end.
      const isWithin = typeof last !== "number" || partAt({ value: given }, path) !== undefined;
      if (partAt({ value: given }, path.slice(0, -1)) && document !== given && isWithin) {
        expect(partAt(next, path)?.value).toBe(value);
      }
      expect(withPart(next, path, partAt(next, path))).toBe(next);
      expect([given.other, given.a, given.a[0], given.m]).toEqual(parts);
      expect(given.a.length + given.m.size + Object.keys(given).length).toBe(6);
      expect(({} as { put?: boolean }).put).toBeUndefined();
    }),
  );
});

test("a field called __proto__ is data", () => {
  const hostile = { value: JSON.parse('{"__proto__": {"x": 1}, "y": 2}') as object };
  const next = withPart(hostile, ["__proto__", "x"], { value: 5 });
  expect(JSON.stringify(next?.value)).toBe('{"__proto__":{"x":5},"y":2}');
  expect(Object.getPrototypeOf(next?.value)).toBe(Object.prototype);
  expect(JSON.stringify(withPart(hostile, ["__proto__"], undefined)?.value)).toBe('{"y":2}');
  expect(partAt({ value: {} }, ["__proto__"])).toBeUndefined();
});
