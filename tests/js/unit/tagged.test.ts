import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, encode } from "../../../pkg/src/local/tagged.js";

const back = (value: unknown) => decode(encode(value))?.value;

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["null", null],
  ["no number", Number.NaN],
  ["minus zero", -0],
  ["more than any number", Number.POSITIVE_INFINITY],
  ["less than any number", Number.NEGATIVE_INFINITY],
  ["a large number", 2n ** 200n],
  ["a negative one", -7n],
  ["a moment", new Date(1_700_000_000_123)],
  ["a moment before 1970", new Date(-1)],
  ["an invalid moment", new Date(Number.NaN)],
  ["bytes", new Uint8Array([0, 127, 128, 255]).buffer],
  ["no bytes", new ArrayBuffer(0)],
  ["more bytes than a call takes arguments", new Uint8Array(300_000).map((_, at) => at % 251).buffer],
  ["a part of a buffer", new Uint8Array([1, 2, 3, 4]).subarray(1, 3)],
  ["floats", new Float64Array([-0, Number.NaN, 1.5])],
  ["large integers", new BigInt64Array([-1n, 2n ** 60n])],
  ["a view", new DataView(new Uint8Array([1, 2]).buffer)],
  [
    "a map with keys of any kind",
    new Map<unknown, unknown>([
      [1n, "a"],
      [{ a: 1 }, undefined],
      ["1", new Set()],
    ]),
  ],
  ["a set", new Set<unknown>([1, "1", 1n, null])],
  ["halves of pairs", "\ud800 and \udc00"],
  ["a list with holes", Object.assign(new Array(4), { 0: 1, 2: 3 })],
  ["a list with a field", Object.assign([1, 2], { extra: true, "-1": 0 })],
  ["what looks like a tag", { $: ["BigInt", "7"] }],
  ["a field of the tag's name among others", { a: 1, $: { $: undefined } }],
  ["nested in each other", { list: [new Map([["k", { at: new Date(5), of: [new Set([-0])] }]])] }],
])("%s comes back as it was", (_, value) => {
  expect(back(structuredClone(value))).toStrictEqual(value);
});

test("`__proto__`, `constructor` and `length` are fields like any other", () => {
  const value = JSON.parse('{"__proto__":{"polluted":1},"constructor":2,"length":3}') as object;
  const [plain, tagged] = [back(value) as object, back({ $: value }) as { $: object }];
  for (const made of [plain, tagged.$]) {
    expect(Object.entries(made)).toEqual(Object.entries(value));
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  }
  const pairs = JSON.parse('{"__proto__":1,"$":2}') as object;
  expect(Object.entries(back(pairs) as object)).toEqual(Object.entries(pairs));
  expect(Object.getPrototypeOf(back(pairs))).toBe(Object.prototype);
});

test("anything at all comes back as it was", () => {
  const kinds = { withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true };
  const key = fc.oneof(fc.string(), fc.constantFrom("$", "__proto__", "length", "0"));
  const anything = fc.anything({ ...kinds, withSparseArray: true, key });
  fc.assert(
    fc.property(anything, (value) => {
      const cloned = structuredClone(value);
      expect(back(cloned)).toStrictEqual(cloned);
    }),
    { numRuns: 500 },
  );
});

test.each<[string, unknown]>([
  ["a blob", new Blob(["x"])],
  ["a pattern", /x/],
  ["an error", new Error("x")],
  ["a boxed number", Object(1)],
])("%s, somewhere in a value, is refused", (_, value) => {
  expect(() => encode({ list: [value] })).toThrow(TypeError);
});

describe("a text that is nothing of ours has no value", () => {
  test.each([
    "",
    "{",
    '{"$":null}',
    '{"$":[]}',
    '{"$":["Function","return 1"]}',
    '{"$":["eval","x"]}',
    '{"$":["BigInt","7.5"]}',
    '{"$":["BigInt",7]}',
    '{"$":["Number","7"]}',
    '{"$":["Number","toString"]}',
    '{"$":["Date","today"]}',
    '{"$":["Map",[[1]]]}',
    '{"$":["Map",[[1,2,3]]]}',
    '{"$":["Set",{"length":1}]}',
    '{"$":["Object",[[1,2]]]}',
    '{"$":["Array",[-1,[]]]}',
    '{"$":["Array",[1.5,[]]]}',
    '{"$":["Array",[1,[["length",9]]]]}',
    '{"$":["ArrayBuffer","not base64!"]}',
    '{"$":["Uint32Array","AQ=="]}',
    `${"[".repeat(200_000)}${"]".repeat(200_000)}`,
  ])("%#: %.40s", (text) => {
    expect(decode(text)).toBeUndefined();
  });
});

test("a text that is only JSON is its own value", () => {
  expect(decode('{"a":[1,"x",null]}')).toEqual({ value: { a: [1, "x", null] } });
});
