import { currentOf } from "../definition/conflict.js";
import type { AttemptOutcome } from "../definition/parts.js";

/** What may be in the data of a `ConvexError`. */
interface Said {
  readonly code?: unknown;
  readonly status?: unknown;
  readonly kind?: unknown;
  readonly retryAfter?: unknown;
}

const LOST = "idempotency_key_expired";

/**
 * What it means that a function threw. The data of a `ConvexError` decides; its text is never read. That the
 * deployment itself is overloaded the client keeps to itself: it waits and sends again.
 *
 * | `data` | outcome |
 * |---|---|
 * | `code: "unauthenticated"`, or `status: 401` | `unauthenticated` |
 * | `code: "conflict"`, or `status: 409` | `conflict`; if `checkBase` threw it, with what the server holds |
 * | `code: "overload"`, or `status: 429` or `503`, or `kind: "RateLimited"` (what Convex's rate limiter throws) | `retryable`, after `retryAfter` milliseconds if it says so |
 * | `code: "idempotency_key_expired"` (`once`, `close`) | `lost` |
 * | anything else, or another error | `rejected` |
 */
export function outcomeOfThrown(error: unknown): AttemptOutcome {
  const { code, status, kind, retryAfter } = dataOf(error);
  if (code === LOST) return { kind: "lost", error };
  if (code === "unauthenticated" || status === 401) return { kind: "unauthenticated", error };
  if (code === "conflict" || status === 409) {
    return { kind: "conflict", error, ...currentOf(error) };
  }
  if (code === "overload" || status === 429 || status === 503 || kind === "RateLimited") {
    const after = typeof retryAfter === "number" && retryAfter >= 0 ? { afterMs: retryAfter } : {};
    return { kind: "retryable", error, hindrance: "overload", ...after };
  }
  return { kind: "rejected", error };
}

/** Whether the function itself said what was wrong: anything else that a client rejects with has no data. */
export function isConvexError(error: unknown): boolean {
  return typeof error === "object" && error !== null && "data" in error;
}

function dataOf(error: unknown): Said {
  const data = isConvexError(error) ? (error as { data: unknown }).data : undefined;
  return typeof data === "object" && data !== null ? data : {};
}
