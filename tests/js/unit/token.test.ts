import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeValue, queryToken, sameValue } from "../../../pkg/src/token.js";

const bytes = (...values: number[]) => new Uint8Array(values);

test.each([
  [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
  ],
  [{ a: 1, b: undefined }, { a: 1 }],
  [Number.NaN, Number.NaN],
  [10n, BigInt("10")],
  [new Date(5), new Date(5)],
  [new Date(Number.NaN), new Date(Number.NaN)],
  [bytes(1, 2), bytes(1, 2)],
  [bytes(0, 1, 2).subarray(1), bytes(1, 2)],
  [bytes(1, 2).buffer, bytes(1, 2).buffer],
  [new Map([["k", { a: 1 }]]), new Map([["k", { a: 1 }]])],
  [new Set([1, "1"]), new Set([1, "1"])],
  [
    [1, [2]],
    [1, [2]],
  ],
])("%o is written like %o", (a, b) => {
  expect(encodeValue(a)).toBe(encodeValue(b));
  expect(sameValue(a, b)).toBe(true);
});

test.each([
  [0, -0],
  [1, "1"],
  [1, 1n],
  [null, undefined],
  [null, "null"],
  [Number.NaN, "NaN"],
  [new Date(5), 5],
  [new Date(5), "Date(5)"],
  [bytes(1), bytes(1).buffer],
  [bytes(1, 2), bytes(12)],
  [new Map([["a", 1]]), { a: 1 }],
  [new Set([1]), [1]],
  [["a", "b"], ["a,b"]],
  [['a","b'], ["a", "b"]],
  [{ a: { b: 1 } }, { "a:{b": 1 }],
  [[undefined], []],
])("%o is not written like %o", (a, b) => {
  expect(encodeValue(a)).not.toBe(encodeValue(b));
  expect(sameValue(a, b)).toBe(false);
});

test("a field called __proto__ is a field like any other", () => {
  const given = JSON.parse('{"__proto__": 1}');
  expect(encodeValue(given)).not.toBe(encodeValue({}));
  expect(encodeValue(given)).toContain("__proto__");
});

test("no arguments and empty arguments are one query", () => {
  expect(queryToken("notes:list", undefined)).toBe(queryToken("notes:list", {}));
  expect(queryToken("notes:list", { a: 1 })).not.toBe(queryToken("notes", { list: { a: 1 } }));
});

test("values are written alike exactly if structured clone cannot tell them apart", () => {
  const value = fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, maxDepth: 3 });
  fc.assert(
    fc.property(value, (it) => {
      expect(encodeValue(structuredClone(it))).toBe(encodeValue(it));
    }),
    { numRuns: 300 },
  );
  const json = fc.jsonValue();
  fc.assert(
    fc.property(json, json, (a, b) => {
      expect(encodeValue(a) === encodeValue(b)).toBe(isDeepStrictEqual(a, b));
    }),
    { numRuns: 500 },
  );
});
