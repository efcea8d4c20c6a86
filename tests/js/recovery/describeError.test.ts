import { ConvexError } from "convex/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { TabweaveError } from "../../../pkg/src/errors/error.js";
import { describeError, type ErrorClass, MESSAGES, type Messages } from "../../../pkg/src/recovery/index.js";

const status = (value: number, more: object = {}) =>
  Object.assign(new Error("secret"), { status: value, ...more });

test.each<[string, unknown, object]>([
  ["no connection", new TypeError("secret"), { class: "network", severity: "low", code: undefined }],
  ["a server that fails", status(500), { class: "unavailable", severity: "medium" }],
  ["nobody signed in", status(401), { class: "authentication", severity: "high" }],
  ["a refusal", new ConvexError("secret"), { class: "rejected", severity: "medium" }],
  ["anything", "secret", { class: "unknown", severity: "high" }],
])("%s", (_, error, expected) => {
  const described = describeError(error);
  expect(described).toMatchObject({ ...expected, error });
  expect(described.message).toBe(MESSAGES[described.class as keyof typeof MESSAGES]);
});

test.each<[string, unknown, keyof typeof MESSAGES, string]>([
  [
    "a code counts before its cause",
    new TabweaveError("attempts_exhausted", { cause: status(500) }),
    "attempts_exhausted",
    "medium",
  ],
  ["a lost store is critical", new TabweaveError("store_lost"), "store_lost", "critical"],
  [
    "a refusal is told by its cause",
    new TabweaveError("rejected", { cause: status(403) }),
    "authorization",
    "medium",
  ],
  ["a refusal without a known cause", new TabweaveError("rejected", { cause: "no" }), "rejected", "medium"],
  [
    "a code that has no sentence is told by its class",
    new TabweaveError("call_refused", { cause: status(409) }),
    "conflict",
    "medium",
  ],
])("%s", (_, error, key, severity) => {
  expect(describeError(error)).toMatchObject({ message: MESSAGES[key], severity });
});

test.each<[number, string]>([
  [1, "in a second"],
  [59.2, "in 60 seconds"],
  [90, "in 2 minutes"],
  [7200, "in 2 hours"],
])("who may come back after %d s is told to come back %s", (seconds, words) => {
  expect(describeError(status(429, { retryAfter: seconds })).message).toBe(
    `That was a lot at once. Please try again ${words}.`,
  );
});

test("who is not told when to come back comes back in a moment", () => {
  expect(describeError(status(429)).message).toBe("That was a lot at once. Please try again in a moment.");
});

test("an app says it in its own words, of a class, of a code, or of each failure", () => {
  const messages: Messages = {
    network: "Kein Netz.",
    outcome_unknown: "Unbekannt.",
    validation: ({ error }) => `Falsch: ${(error as { field: string }).field}`,
  };
  const errors = [
    new TypeError("x"),
    new TabweaveError("outcome_unknown"),
    status(422, { field: "name" }),
    new TabweaveError("call_refused", { cause: new TypeError("x") }),
    status(500),
  ];
  expect(errors.map((error) => describeError(error, { messages }).message)).toEqual([
    "Kein Netz.",
    "Unbekannt.",
    "Falsch: name",
    "Kein Netz.",
    MESSAGES.unavailable,
  ]);
});

test("the app may know better what an error means", () => {
  const classify = (): ErrorClass => "conflict";
  expect(describeError("x", { classify })).toMatchObject({ class: "conflict", message: MESSAGES.conflict });
});

test("what objects inherit is no sentence", () => {
  const error = Object.assign(new TabweaveError("rejected"), { code: "constructor" });
  expect(describeError(error).message).toBe(MESSAGES.unknown);
});

test("nothing of the error's own text is shown", () => {
  expect(describeError(new Error("secret")).message).not.toContain("secret");
});

test("whatever is thrown is described", () => {
  const trap = () => {
    throw new Error("trapped");
  };
  const hostile = new Proxy({}, { has: trap, get: trap, getPrototypeOf: trap });
  expect(describeError(hostile).message).toBe(MESSAGES.unknown);
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true }), (error) => {
      expect(describeError(error).message).toMatch(/^[A-Z].+\.$/);
    }),
  );
});

test.each(Object.entries(MESSAGES))("the sentence for %s is one a person can read", (_, message) => {
  const text = typeof message === "string" ? message : describeError(status(429)).message;
  expect(text).toMatch(/^[A-Z][^_{}<>]{20,110}\.$/);
});
