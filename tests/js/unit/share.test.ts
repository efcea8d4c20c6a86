import fc from "fast-check";
import { expect, test } from "vitest";
import { share } from "../../../pkg/src/share.js";

test("a value that equals the old one is the old one", () => {
  const old = [{ id: "1", tags: ["x"], at: { day: 1 } }];
  expect(share(old, structuredClone(old))).toBe(old);
});

test("what did not change keeps its identity in what did", () => {
  const old = [
    { id: "1", tags: ["x"] },
    { id: "2", tags: ["y"] },
  ];
  const next = share(old, [
    { id: "1", tags: ["x"] },
    { id: "2", tags: ["y", "z"] },
  ]);
  expect(next).not.toBe(old);
  expect(next[0]).toBe(old[0]);
  expect(next[1]).not.toBe(old[1]);
  expect(next[1]?.id).toBe("2");
});

test("a field that came or went is a change, and so is one called __proto__", () => {
  const old: Record<string, unknown> = { a: 1, b: 2 };
  expect(share(old, { a: 1 })).toEqual({ a: 1 });
  expect(share<Record<string, unknown>>({ a: 1 }, { a: 1, b: undefined })).toHaveProperty("b");
  const hostile = JSON.parse('{"__proto__": {"x": 1}}');
  const shared = share({ a: 1 } as object, hostile);
  expect(Object.keys(shared)).toEqual(["__proto__"]);
  expect(Object.getPrototypeOf(shared)).toBe(Object.prototype);
});

test("bytes and dates are taken as they come", () => {
  const old = { at: new Date(1), bytes: new Uint8Array([1]) };
  const next = { at: new Date(2), bytes: new Uint8Array([2]) };
  const shared = share(old, next);
  expect(shared.at).toBe(next.at);
  expect(shared.bytes).toBe(next.bytes);
});

test("sharing never changes the value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (old, next) => {
      const before = structuredClone(next);
      expect(share(old, next)).toStrictEqual(before);
      expect(share(next, structuredClone(next))).toStrictEqual(before);
    }),
    { numRuns: 500 },
  );
});
