import { classOf } from "../recovery/classes.js";
import { read } from "../recovery/read.js";
import { retryAfterMs } from "../recovery/retryAfter.js";
import { currentOf, type SaysCurrent } from "./conflict.js";
import type { AttemptOutcome, Hindrance } from "./parts.js";

type FailedKind = Exclude<AttemptOutcome["kind"], "accepted">;

/**
 * What a failed call to the server means for its operation: a kind alone, or with how long the server asked to wait
 * (milliseconds) and what kept the call from its end; a conflict with what the server holds.
 */
export type Classification =
  | FailedKind
  | ({
      readonly kind: FailedKind;
      readonly afterMs?: number;
      readonly hindrance?: Hindrance;
    } & SaysCurrent);

/** The same with all that is known. */
export type FullClassification = Exclude<Classification, FailedKind>;

/**
 * What a thrown error means by itself, by its status, code and name.
 *
 * | error | kind | hindrance |
 * |---|---|---|
 * | the server was not reached, or did not answer in time | `unknown` | `connection` |
 * | 408 | `retryable` | `server` |
 * | 425, 429, 503 | `retryable` | `overload` |
 * | any other 5xx, and what carries no sign | `unknown` | `server` |
 * | 401 | `unauthenticated` | |
 * | 409, a `ConflictError`, a `ConvexError` whose `data.code` is `"conflict"` | `conflict` | |
 * | 403, any other 4xx, validation, any other `ConvexError` | `rejected` | |
 */
export function classifyThrown(error: unknown): FullClassification {
  const afterMs = retryAfterMs(error, Date.now());
  const asked = afterMs === undefined ? {} : { afterMs };
  switch (classOf(error)) {
    case "network":
      return { kind: "unknown", hindrance: "connection" };
    case "timeout":
      // With 408 the server says that it waited in vain for all of the request.
      return hasStatus(error, 408)
        ? { kind: "retryable", hindrance: "server", ...asked }
        : { kind: "unknown", hindrance: "connection" };
    case "rate_limited":
      return { kind: "retryable", hindrance: "overload", ...asked };
    case "unavailable":
      return hasStatus(error, 503)
        ? { kind: "retryable", hindrance: "overload", ...asked }
        : { kind: "unknown", hindrance: "server", ...asked };
    case "authentication":
      return { kind: "unauthenticated" };
    case "conflict":
      return { kind: "conflict", ...currentOf(error) };
    case "unknown":
      return { kind: "unknown", hindrance: "server" };
    default:
      return { kind: "rejected" };
  }
}

/** What the app's own classification says, or where it says nothing, the usual one. */
export function classified(
  classify: ((error: unknown) => Classification | undefined) | undefined,
  error: unknown,
): FullClassification {
  const found = classify?.(error) ?? classifyThrown(error);
  return typeof found === "string" ? { kind: found } : found;
}

function hasStatus(error: unknown, status: number): boolean {
  return read(error, "status") === status || read(read(error, "response"), "status") === status;
}
