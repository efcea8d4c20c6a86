import { read } from "./read.js";

/** The longest wait that is taken from a server, in milliseconds: 24 hours. */
export const RETRY_AFTER_MAX_MS = 24 * 60 * 60 * 1000;

const HEADER = "retry-after";
const SECONDS = /^\s*\d+(?:\.\d+)?\s*$/;
// The three forms of RFC 9110; what `Date.parse` makes of other texts differs from browser to browser.
const HTTP_DATE = /^\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? [\w: -]+$/;

/** How far the causes of an error are followed. */
const CAUSES_MAX = 8;

/**
 * How long a server asks to wait, in milliseconds from `nowMs` on (milliseconds since 1970): never less than 0 nor
 * more than {@link RETRY_AFTER_MAX_MS}. Undefined if it does not ask.
 *
 * Takes the value of a `Retry-After` header (seconds, or an HTTP date), or an error, of which it reads
 * `response.headers` and `headers` (a `Headers` or a plain object), `retryAfter` (as the header; a number is
 * seconds), and its `cause` in the same way. A number in `data.retryAfter` is milliseconds, as Convex's rate limiter
 * gives it in the data of its `ConvexError`. Never throws, whatever it is given.
 */
export function retryAfterMs(source: unknown, nowMs: number): number | undefined {
  const found = askedMs(source, nowMs, CAUSES_MAX);
  if (found === undefined || Number.isNaN(found)) return undefined;
  return Math.min(Math.max(found, 0), RETRY_AFTER_MAX_MS);
}

function askedMs(source: unknown, nowMs: number, causes: number): number | undefined {
  if (typeof source !== "object" || source === null) return valueMs(source, nowMs);
  if (causes < 0) return undefined;
  return (
    headerMs(read(read(source, "response"), "headers"), nowMs) ??
    headerMs(read(source, "headers"), nowMs) ??
    valueMs(read(source, "retryAfter"), nowMs) ??
    dataMs(read(source, "data")) ??
    causeMs(read(source, "cause"), nowMs, causes)
  );
}

/** A cause that is no error says nothing of its own. */
function causeMs(cause: unknown, nowMs: number, causes: number): number | undefined {
  return typeof cause === "object" ? askedMs(cause, nowMs, causes - 1) : undefined;
}

function dataMs(data: unknown): number | undefined {
  const ms = read(data, "retryAfter");
  return typeof ms === "number" && ms >= 0 ? ms : undefined;
}

function headerMs(headers: unknown, nowMs: number): number | undefined {
  if (typeof headers !== "object" || headers === null) return undefined;
  try {
    const { get } = headers as { get?: unknown };
    if (typeof get === "function") return valueMs(get.call(headers, HEADER), nowMs);
    const name = Object.keys(headers).find((key) => key.toLowerCase() === HEADER);
    return name === undefined ? undefined : valueMs(read(headers, name), nowMs);
  } catch {
    return undefined;
  }
}

function valueMs(value: unknown, nowMs: number): number | undefined {
  // Node gives a header that came twice as a list.
  const [one] = Array.isArray(value) ? value : [value];
  if (typeof one === "number") return one >= 0 ? one * 1000 : undefined;
  if (typeof one !== "string") return undefined;
  if (SECONDS.test(one)) return Number(one) * 1000;
  if (!HTTP_DATE.test(one)) return undefined;
  const text = one.trim();
  // The oldest form does not say that it is GMT.
  return Date.parse(text.endsWith("GMT") ? text : `${text} GMT`) - nowMs;
}
