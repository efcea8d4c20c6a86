import { anyApi, type FunctionReference } from "convex/server";
import { describe, expect, test } from "vitest";
import { cloned } from "../../../pkg/src/client/cloneable.js";
import { Handlers } from "../../../pkg/src/client/handlers.js";
import { convexAction } from "../../../pkg/src/convex/action.js";
import { convexEdit } from "../../../pkg/src/convex/edit.js";
import { convexOperation } from "../../../pkg/src/convex/operation.js";
import { classified, classifyThrown } from "../../../pkg/src/definition/classify.js";
import { collection } from "../../../pkg/src/definition/collection.js";
import { ConflictError } from "../../../pkg/src/definition/conflict.js";
import { changedFields, defineEdit } from "../../../pkg/src/definition/edit.js";
import { defineOperation } from "../../../pkg/src/definition/operation.js";
import { type Definition, PARTS } from "../../../pkg/src/definition/parts.js";
import { termsOf } from "../../../pkg/src/definition/terms.js";

describe("what a failed call means", () => {
  test.each([
    [{ status: 404 }, { kind: "rejected" }],
    [{ status: 403 }, { kind: "rejected" }],
    [{ status: 409 }, { kind: "conflict" }],
    [{ name: "ConvexError", data: { code: "conflict" } }, { kind: "conflict" }],
    [
      { name: "ConvexError", data: { tag: "tabweave:conflict", code: "conflict", current: null } },
      { kind: "conflict", current: { removed: true } },
    ],
    [new ConflictError(), { kind: "conflict" }],
    [new ConflictError({ document: { id: "1" } }), { kind: "conflict", current: { document: { id: "1" } } }],
    [{ name: "ConvexError", data: "no" }, { kind: "rejected" }],
    [{ status: 401 }, { kind: "unauthenticated" }],
    [{ status: 408 }, { kind: "retryable", hindrance: "server" }],
    [{ status: 429 }, { kind: "retryable", hindrance: "overload" }],
    [
      { status: 429, retryAfter: "7" },
      { kind: "retryable", hindrance: "overload", afterMs: 7000 },
    ],
    [{ response: { status: 503 } }, { kind: "retryable", hindrance: "overload" }],
    [{ status: 500 }, { kind: "unknown", hindrance: "server" }],
    [{ status: 504 }, { kind: "unknown", hindrance: "server" }],
    [new TypeError("Failed to fetch"), { kind: "unknown", hindrance: "connection" }],
    [new DOMException("late", "TimeoutError"), { kind: "unknown", hindrance: "connection" }],
    [new Error("status 503"), { kind: "unknown", hindrance: "server" }],
    ["503", { kind: "unknown", hindrance: "server" }],
    [undefined, { kind: "unknown", hindrance: "server" }],
  ])("%o: %o", (error, meaning) => {
    expect(classifyThrown(error)).toEqual(meaning);
  });

  test("the app's word counts before it, and where it says nothing, the usual one", () => {
    const classify = (error: unknown) => (error === "mine" ? "rejected" : undefined);
    expect(classified(classify, "mine")).toEqual({ kind: "rejected" });
    expect(classified(classify, { status: 409 })).toEqual({ kind: "conflict" });
  });
});

describe("terms", () => {
  test("only what is said is recorded, in whole numbers", () => {
    expect(termsOf({})).toEqual({});
    const said = { priority: "high", maxRetries: Infinity, backoffMultiplier: 1.5, timeout: 0.4 } as const;
    const recorded = { priority: "high", retriesMax: 2 ** 32 - 1, multiplierPercent: 150, timeoutMs: 0 };
    expect(termsOf(said)).toEqual(recorded);
  });

  test.each([
    [{ maxRetries: -1 }, "maxRetries"],
    [{ timeout: Number.NaN }, "timeout"],
    [{ expireAfter: "1" as unknown as number }, "expireAfter"],
    [{ priority: "urgent" as "high" }, "priority"],
  ])("%o is refused", (terms, name) => {
    expect(() => termsOf(terms)).toThrow(`\`${name}\``);
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

describe("sensitive definitions", () => {
  const notes = collection<{ id: string }>("notes", { key: "id" });
  const run = () => "done";
  const reference = anyApi.notes?.sign as FunctionReference<"mutation", "public", { id: string }>;
  const action = anyApi.notes?.send as FunctionReference<"action", "public", { id: string }>;

  test.each<[string, Definition]>([
    ["operation", defineOperation("sign", { run, sensitive: true })],
    ["edit", defineEdit("seal", { document: notes, run, sensitive: true })],
    ["Convex operation", convexOperation(reference, { once: false, sensitive: true })],
    ["Convex action", convexAction(action, { keyed: false, sensitive: true })],
    [
      "Convex edit",
      convexEdit(reference, { document: notes, args: ({ id }) => ({ id }), once: false, sensitive: true }),
    ],
  ])("an %s says so in its terms", (_, definition) => {
    expect(definition[PARTS].terms.sensitive).toBe(true);
  });

  test("by default nothing is, and what is no truth value is refused", () => {
    expect(defineOperation("sign", { run })[PARTS].terms).not.toHaveProperty("sensitive");
    expect(() => defineOperation("sign", { run, sensitive: "yes" as never })).toThrow("`sensitive`");
  });
});
