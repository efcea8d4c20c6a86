import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { JournalRecord } from "../../../pkg/src/engine/binding.js";
import { bytesOf, weighed } from "../../../pkg/src/engine/bytes.js";

test.each<[string, unknown, number]>([
  ["nothing", undefined, 0],
  ["null", null, 0],
  ["a text", "12345", 10],
  ["a number", 7, 8],
  ["bytes", new ArrayBuffer(100), 100],
  ["a view of some of them", new Uint8Array(new ArrayBuffer(100), 10, 5), 108],
  ["a large number", 2n ** 800n, 101],
  ["a blob", new Blob(["12345"]), 5],
  ["a list", ["ab", "cd"], 16],
  ["an object", { key: "value" }, 24],
  ["a map", new Map([["k", 1]]), 18],
  ["a set", new Set(["ab", "c"]), 14],
  ["an error", Object.assign(new Error("no"), { stack: "" }), 22],
])("%s takes about so many bytes", (_, value, bytes) => {
  expect(bytesOf(value)).toBe(bytes);
});

test("what holds itself, and what is held twice, counts once", () => {
  const shared = { text: "x".repeat(1_000) };
  const once = bytesOf([shared]);
  const cyclic: unknown[] = [shared, shared];
  cyclic.push(cyclic);
  expect(bytesOf(cyclic)).toBe(once);
});

test("a value of any depth is walked", () => {
  let deep: unknown = "end";
  for (let depth = 0; depth < 200_000; depth += 1) deep = [deep];
  expect(bytesOf(deep)).toBe(200_000 * 8 + 6);
});

test("a sparse list costs what is in it", () => {
  const sparse: unknown[] = [];
  sparse[4_000_000_000] = "ab";
  expect(bytesOf(sparse)).toBe(12);
});

/** What the texts of a value take, each once for every place it stands at. */
function textsOf(value: unknown): number {
  if (typeof value === "string") return 2 * value.length;
  if (typeof value !== "object" || value === null) return 0;
  const parts =
    value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : Object.values(value);
  return parts.reduce<number>((sum, part) => sum + textsOf(part), 0);
}

test("whatever it is, it is no less than its texts", () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true });
  fc.assert(
    fc.property(anything, (value) => {
      const copy = structuredClone(value);
      expect(bytesOf(copy)).toBeGreaterThanOrEqual(textsOf(copy));
    }),
  );
});

test("a record is told with what its arguments, or its documents, take; one that is none is left as it is", () => {
  const bytes = (body: unknown) => weighed({ body } as JournalRecord).bytes;
  expect(bytes({ kind: "intent", arguments: "12345" })).toBe(10);
  expect(bytes({ kind: "edit", collection: "notes", document: "1", base: "12", next: "123" })).toBe(10);
  expect(bytes({ kind: "intent", arguments: undefined })).toBe(0);
  for (const odd of [null, undefined, 7, {}, { body: null }]) {
    expect(weighed(odd as unknown as JournalRecord)).toBe(odd);
  }
});
