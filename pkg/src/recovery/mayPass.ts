import type { ErrorClass } from "./classes.js";
import { ownError } from "./own.js";

/** Failures that the same call would meet again. */
const LASTING: ReadonlySet<ErrorClass> = new Set<ErrorClass>([
  "authentication",
  "authorization",
  "conflict",
  "validation",
  "rejected",
]);

/** Whether the same call may pass another time. An error of this package knows that by itself. */
export function mayPass(error: unknown, found: ErrorClass): boolean {
  if (LASTING.has(found)) return false;
  return found !== "unknown" || ownError(error)?.retryable !== false;
}
