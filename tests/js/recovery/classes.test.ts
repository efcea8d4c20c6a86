import { ConvexError } from "convex/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { TabweaveError } from "../../../pkg/src/errors/error.js";
import { classOf, type ErrorClass } from "../../../pkg/src/recovery/classes.js";

const named = (name: string, more: object = {}) =>
  Object.assign(new Error("409 conflict"), { name, ...more });
const status = (value: unknown) => Object.assign(new Error("401 unauthorized"), { status: value });

test.each<[number, ErrorClass]>([
  [0, "network"],
  [400, "validation"],
  [401, "authentication"],
  [403, "authorization"],
  [404, "rejected"],
  [408, "timeout"],
  [409, "conflict"],
  [410, "rejected"],
  [418, "rejected"],
  [422, "validation"],
  [425, "rate_limited"],
  [429, "rate_limited"],
  [499, "rejected"],
  [500, "unavailable"],
  [503, "unavailable"],
  [599, "unavailable"],
  [200, "unknown"],
  [302, "unknown"],
  [600, "unknown"],
  [Number.NaN, "unknown"],
])("status %d is %s, wherever it stands", (value, expected) => {
  const places = [
    status(value),
    { statusCode: value },
    { response: { status: value } },
    { data: { status: value } },
    { data: { httpStatus: value } },
    { cause: { response: { status: value } } },
  ];
  expect(places.map(classOf)).toEqual(places.map(() => expected));
});

test.each<[string, unknown, ErrorClass]>([
  ["what fetch throws", new TypeError("x"), "network"],
  [
    "what fetch of Node throws",
    new TypeError("x", { cause: { code: "UND_ERR_HEADERS_TIMEOUT" } }),
    "timeout",
  ],
  [
    "a refused connection",
    new TypeError("x", { cause: named("Error", { code: "ECONNREFUSED" }) }),
    "network",
  ],
  ["what XMLHttpRequest gives", new DOMException("x", "NetworkError"), "network"],
  ["a request that was aborted", new DOMException("x", "AbortError"), "network"],
  ["a request aborted for a reason", named("AbortError", { cause: status(403) }), "authorization"],
  ["AbortSignal.timeout", new DOMException("x", "TimeoutError"), "timeout"],
  ["axios without an answer", named("AxiosError", { code: "ERR_NETWORK" }), "network"],
  [
    "axios with an answer",
    named("AxiosError", { code: "ERR_BAD_REQUEST", response: { status: 409 } }),
    "conflict",
  ],
  ["zod", named("ZodError"), "validation"],
  ["Convex's validator", named("ArgumentValidationError"), "validation"],
  ["tRPC", named("TRPCClientError", { data: { code: "CONFLICT", httpStatus: 409 } }), "conflict"],
  ["Firebase", named("FirebaseError", { code: "permission-denied" }), "authorization"],
  ["gRPC's small numbers", named("Error", { code: 5 }), "unknown"],
  ["a status as the code", named("Error", { code: 401 }), "authentication"],
  ["a refusal", new ConvexError("no"), "rejected"],
  ["a refusal with data", new ConvexError({ reason: "conflict" }), "rejected"],
  ["a refusal whose text is a code", new ConvexError("conflict"), "rejected"],
  ["a conflict", new ConvexError({ code: "conflict" }), "conflict"],
  ["a conflict by its status", new ConvexError({ status: 409 }), "conflict"],
  ["nobody signed in", new ConvexError({ code: "UNAUTHENTICATED" }), "authentication"],
  [
    "Convex's rate limiter",
    new ConvexError({ kind: "RateLimited", name: "a", retryAfter: 5 }),
    "rate_limited",
  ],
  ["a server that asks to hold back", new ConvexError({ code: "overload" }), "rate_limited"],
  ["a name without data", named("ConvexError", { data: undefined }), "unknown"],
  ["a refused operation", new TabweaveError("rejected", { cause: status(422) }), "validation"],
  ["an operation refused for no known reason", new TabweaveError("rejected", { cause: "no" }), "rejected"],
  ["attempts without an end", new TabweaveError("attempts_exhausted"), "unavailable"],
  [
    "attempts that ended in a timeout",
    new TabweaveError("attempts_exhausted", { cause: status(408) }),
    "timeout",
  ],
  ["too much", new TabweaveError("payload_too_large"), "validation"],
  ["any other error", new RangeError("x"), "unknown"],
  ["a status as text", status("401"), "unknown"],
  ["a text", "429", "unknown"],
  ["a number", 429, "unknown"],
  ["nothing", undefined, "unknown"],
  ["null", null, "unknown"],
])("%s", (_, error, expected) => {
  expect(classOf(error)).toBe(expected);
});

test("the text of an error says nothing", () => {
  const texts = fc.oneof(fc.constantFrom("Failed to fetch", "HTTP 404", "timeout", "conflict"), fc.string());
  fc.assert(
    fc.property(texts, fc.constantFrom("Error", "TypeError", "ConvexError", "ZodError"), (text, name) => {
      const make = (message: string) => Object.assign(new Error(message), { name, data: message });
      expect(classOf(make(text))).toBe(classOf(make("")));
    }),
  );
});

const trap = () => {
  throw new Error("trapped");
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const cyclic = new Error("x");
cyclic.cause = cyclic;
let deep: unknown = status(401);
for (let depth = 0; depth < 10_000; depth += 1) deep = { cause: deep };

test.each<[string, unknown]>([
  ["getters that throw", Object.defineProperty({}, "status", { get: trap })],
  ["a proxy that throws", new Proxy({}, { get: trap, getPrototypeOf: trap, has: trap })],
  ["a revoked proxy", revoked.proxy],
  ["a cause of itself", cyclic],
  ["causes without end", deep],
  ["a code that is an object", { code: { toString: trap } }],
  ["inherited names of objects", { code: "constructor", name: "__proto__" }],
  ["a function", trap],
])("%s gives no sign and does no harm", (_, error) => {
  expect(classOf(error)).toBe("unknown");
});

test("whatever is thrown has a class", () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true }), (thrown) => typeof classOf(thrown) === "string"),
  );
});
