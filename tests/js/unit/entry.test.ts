import fc from "fast-check";
import { expect, test } from "vitest";
import { entryForm, entryText, readEntry } from "../../../pkg/src/resolve/entry.js";
import { numberIn } from "../../../pkg/src/resolve/numeral.js";

/** What a person gets who writes a text in place of a value. */
function written(model: unknown, text: string, locale?: string): unknown {
  const form = entryForm({ local: model });
  return form && readEntry(form, text, locale);
}

test("a value is written as what it is", () => {
  const kind = (value: unknown) => entryForm({ local: value })?.kind;
  const values = ["a", 1, 1n, true, new Date(0), [1], { a: 1 }, null, new Map()];
  expect(values.map(kind)).toEqual([
    "text",
    "number",
    "bigint",
    "boolean",
    "date",
    "json",
    "json",
    "json",
    "json",
  ]);
  expect(entryForm({ local: new Blob([]) })).toBeUndefined();
  expect(entryForm({ base: "x", server: 7 })?.kind).toBe("number");
  expect(entryForm({ local: null, server: 7 })?.kind).toBe("number");
});

test("the text of a value that is left as it is stands for the same value", () => {
  const value = fc.oneof(
    fc.string(),
    fc.double({ noNaN: false }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.bigInt(),
    fc.boolean(),
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("2200-01-01") }),
    fc.array(fc.oneof(fc.integer(), fc.bigInt(), fc.date({ noInvalidDate: true }))),
    fc.jsonValue().map((json) => ({ json })),
  );
  fc.assert(
    fc.property(value, fc.constantFrom("en", "de", "fr", "ar-EG", "hi"), (value, locale) => {
      const form = entryForm({ local: value })!;
      expect(readEntry(form, entryText(value, locale)!, locale)).toEqual({ value });
    }),
  );
});

test("numbers are read in the language, or as programs write them", () => {
  expect(numberIn("1,234.5", "en")).toBe(1234.5);
  expect(numberIn("1.234,5", "de")).toBe(1234.5);
  expect(numberIn("12.5", "de")).toBe(12.5);
  expect(numberIn("1.234", "de")).toBe(1234);
  expect(numberIn("12,34,567", "hi")).toBe(1234567);
  expect(numberIn("١٢٫٥", "ar-EG")).toBe(12.5);
  expect(numberIn(" −3 ", "en")).toBe(-3);
  expect(numberIn("1 234,5", "fr")).toBe(1234.5);
  for (const text of ["", "x", "1,2,3", "1.2.3", "0x10", "--1"]) expect(numberIn(text, "en")).toBeUndefined();
});

test("what is wrong is said with its place", () => {
  const code = (code: string, place = {}) => ({ problem: { code, ...place } });
  expect(written(1, "many")).toEqual(code("number"));
  expect(written(1n, "1.5")).toEqual(code("bigint"));
  expect(written(new Date(0), "")).toEqual(code("date"));
  expect(written([1], '["a",\n "b"')).toEqual(code("json", { line: 2, column: 5 }));
  expect(written([1], '{"a": 1,\n "b" 2}')).toEqual(code("json", { line: 2, column: 6 }));
  expect(written([1], '{"a": 1}')).toEqual(code("list"));
  expect(written({ a: 1 }, "[1]")).toEqual(code("object"));
  expect(written({ a: 1 }, '{"$": ["Date", "x"]}')).toEqual(code("tag"));
  expect(written({ a: 1 }, '{"__proto__": 1}')).toHaveProperty("value");
});
