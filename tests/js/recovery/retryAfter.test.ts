import { ConvexError } from "convex/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RETRY_AFTER_MAX_MS, retryAfterMs } from "../../../pkg/src/recovery/retryAfter.js";

const NOW = Date.UTC(1994, 10, 6, 8, 49, 0);

test.each<[unknown, number | undefined]>([
  ["0", 0],
  ["120", 120_000],
  [" 120 ", 120_000],
  ["1.5", 1500],
  [3, 3000],
  ["86400", RETRY_AFTER_MAX_MS],
  ["86401", RETRY_AFTER_MAX_MS],
  ["9".repeat(400), RETRY_AFTER_MAX_MS],
  ["Sun, 06 Nov 1994 08:49:37 GMT", 37_000],
  ["Sunday, 06-Nov-94 08:49:37 GMT", 37_000],
  ["Sun Nov  6 08:49:37 1994", 37_000],
  ["Sun, 06 Nov 1994 08:48:00 GMT", 0],
  ["Fri, 31 Dec 1999 23:59:59 GMT", RETRY_AFTER_MAX_MS],
  ["Sun, 99 Nov 1994 08:49:37 GMT", undefined],
  ["-5", undefined],
  [-5, undefined],
  [Number.NaN, undefined],
  ["1e3", undefined],
  ["0x10", undefined],
  ["soon", undefined],
  ["in 5 minutes 2030", undefined],
  ["2030-01-01", undefined],
  ["", undefined],
  [undefined, undefined],
  [null, undefined],
])("%j asks for %j ms", (header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected);
});

test.each<[string, unknown, number | undefined]>([
  ["Headers", { headers: new Headers({ "Retry-After": "2" }) }, 2000],
  ["a Response", new Response("", { status: 429, headers: { "retry-after": "2" } }), 2000],
  ["the headers of a response", { response: { headers: new Headers({ "Retry-After": "2" }) } }, 2000],
  ["plain headers", { response: { headers: { "Retry-After": "2" } } }, 2000],
  ["plain headers in small letters", { headers: { "retry-after": "2" } }, 2000],
  ["a header that came twice", { headers: { "retry-after": ["2", "3"] } }, 2000],
  ["other headers", { headers: { date: "2" } }, undefined],
  ["a property in seconds", { retryAfter: 2 }, 2000],
  ["a property that is a date", { retryAfter: "Sun, 06 Nov 1994 08:49:37 GMT" }, 37_000],
  ["a cause", new Error("x", { cause: { retryAfter: 2 } }), 2000],
  ["a cause that is a number", new Error("x", { cause: 2 }), undefined],
  ["a header before a property", { headers: { "retry-after": "2" }, retryAfter: 9 }, 2000],
  ["a header that is garbage before a property", { headers: { "retry-after": "x" }, retryAfter: 9 }, 9000],
  ["Convex's rate limiter, in ms", new ConvexError({ kind: "RateLimited", retryAfter: 1234 }), 1234],
  ["any data, in ms", new ConvexError({ code: "overload", retryAfter: 1234 }), 1234],
  ["data that asks for no time", new ConvexError({ code: "overload", retryAfter: "soon" }), undefined],
])("%s", (_, error, expected) => {
  expect(retryAfterMs(error, NOW)).toBe(expected);
});

const trap = () => {
  throw new Error("trapped");
};

test.each<[string, unknown]>([
  ["headers that throw", { headers: { get: trap } }],
  ["headers whose names cannot be listed", { headers: new Proxy({}, { ownKeys: trap }) }],
  ["a getter that throws", Object.defineProperty({}, "headers", { get: trap })],
])("%s ask for nothing and do no harm", (_, error) => {
  expect(retryAfterMs(error, NOW)).toBe(undefined);
});

test("a wait is within its bounds, whatever is given at whatever time", () => {
  const sources = fc.oneof(
    fc.anything(),
    fc.string(),
    fc.record({ retryAfter: fc.oneof(fc.double(), fc.string()) }),
    fc.record({ headers: fc.dictionary(fc.constantFrom("Retry-After", "date"), fc.anything()) }),
  );
  fc.assert(
    fc.property(sources, fc.double(), (source, nowMs) => {
      const found = retryAfterMs(source, nowMs);
      expect(found === undefined || (found >= 0 && found <= RETRY_AFTER_MAX_MS)).toBe(true);
    }),
  );
});
