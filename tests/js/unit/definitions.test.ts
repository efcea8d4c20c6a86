import { describe, expect, test } from "vitest";
import { cloned } from "../../../pkg/src/client/cloneable.js";
import { Handlers } from "../../../pkg/src/client/handlers.js";
import { classifyThrown } from "../../../pkg/src/definition/classify.js";
import { collection } from "../../../pkg/src/definition/collection.js";
import { changedFields } from "../../../pkg/src/definition/edit.js";
import { defineOperation } from "../../../pkg/src/definition/operation.js";

describe("what a failed call means", () => {
  test.each([
    [{ status: 404 }, "rejected"],
    [{ status: 409 }, "rejected"],
    [{ status: 429 }, "retryable"],
    [{ status: 503 }, "retryable"],
    [{ status: 500 }, "unknown"],
    [{ status: 504 }, "unknown"],
    [new TypeError("Failed to fetch"), "unknown"],
    [new DOMException("late", "TimeoutError"), "unknown"],
    [new Error("status 503"), "rejected"],
    ["503", "rejected"],
    [undefined, "rejected"],
  ])("%o: %s", (error, meaning) => {
    expect(classifyThrown(error)).toBe(meaning);
  });
});

test.each([
  [{ a: 1 }, { a: 1 }, []],
  [{ a: 1 }, { a: 2 }, ["a"]],
  [{ a: { deep: [1n] } }, { a: { deep: [1n] } }, []],
  [{ a: { deep: [1n] } }, { a: { deep: [2n] } }, ["a"]],
  [{ a: 1, b: 2 }, { a: 1 }, ["b"]],
  [{ a: 1 }, { a: 1, b: undefined }, ["b"]],
  [{ a: 0 }, { a: -0 }, ["a"]],
])("the fields in which %o and %o differ", (base, next, changed) => {
  expect(changedFields<object>(base, next)).toEqual(changed);
});

test.each([
  [{ id: "1", run: () => {} }, "args.run"],
  [{ list: [{}, { deep: { at: () => {} } }] }, "args.list[1].deep.at"],
  [() => {}, "args"],
  [{ odd: Symbol("s") }, "args.odd"],
])("%o cannot be stored, because of %s", (value, path) => {
  expect(() => cloned(value, "args")).toThrow(`${path} cannot be stored`);
});

test("a copy of arguments is nobody else's, and frozen in development", () => {
  const given = { deep: { list: [1] }, at: new Date(1), bytes: new Uint8Array([1]) };
  const copy = cloned(given, "args");
  expect(copy).toEqual(given);
  expect(copy.deep).not.toBe(given.deep);
  expect(Object.isFrozen(copy.deep.list)).toBe(true);
  expect(Object.isFrozen(given.deep)).toBe(false);
});

describe("names", () => {
  const run = () => undefined;
  const first = defineOperation("first", { run, aliases: ["old"] });

  test("a name or an alias given twice in one call is refused", () => {
    for (const other of [defineOperation("first", { run }), defineOperation("old", { run })]) {
      expect(() => new Handlers().add([first, other])).toThrow("duplicate_operation_name");
    }
    expect(() => new Handlers().add([first, first])).not.toThrow();
  });

  test("a later definition of the name takes its place", () => {
    const handlers = new Handlers();
    handlers.add([first]);
    const again = defineOperation("first", { run });
    handlers.add([again]);
    expect(handlers.current(first)).toBe(handlers.current(again));
    expect(handlers.names).toEqual(["first", "old"]);
  });

  test("what was not registered is refused, with its name", () => {
    expect(() => new Handlers().current(first)).toThrow("not_registered: “first”");
  });

  test("must not be empty", () => {
    expect(() => defineOperation("", { run })).toThrow("invalid_option");
    expect(() => collection<{ id: string }>("", { key: "id" })).toThrow("invalid_option");
  });
});
