import { check } from "../client/check.js";
import type { OperationTerms } from "../engine/binding.js";

/** How urgent an operation is, among scopes that wait; within a scope the order of the calls counts alone. */
export type Priority = "low" | "medium" | "high" | "critical";

/** On which terms operations are tried: of a definition, or of one call, whose own count before it. */
export interface Terms {
  /** Default: `"medium"`. */
  readonly priority?: Priority;
  /**
   * Attempts after the first that the server may answer with a failure before the operation becomes a dead letter;
   * `Infinity`: as many as it takes. Attempts without an answer do not count. Default: 3.
   */
  readonly maxRetries?: number;
  /** The bound of the first back-off, in milliseconds. Default: 1000. */
  readonly retryDelay?: number;
  /** How many times the bound before it the next bound is. Default: 2. */
  readonly backoffMultiplier?: number;
  /** The longest back-off, in milliseconds. Default: 30,000. */
  readonly maxDelay?: number;
  /**
   * How long an attempt may take, in milliseconds; its `signal` is aborted then, and it is tried again as after any
   * attempt without an answer. Default: 10,000.
   */
  readonly timeout?: number;
  /** After how many milliseconds an operation that was not sent becomes a dead letter. Default: never. */
  readonly expireAfter?: number;
}

/** The largest count and the longest time that records hold. */
const COUNT_MAX = 2 ** 32 - 1;
const PRIORITIES: readonly unknown[] = ["low", "medium", "high", "critical", undefined];

/** What is said of the terms, as records have it. */
export function termsOf(terms: Terms): OperationTerms {
  const { priority, maxRetries, retryDelay, backoffMultiplier, maxDelay, timeout, expireAfter } = terms;
  check(PRIORITIES.includes(priority), "priority");
  const found = {
    priority,
    retriesMax: whole(maxRetries, "maxRetries"),
    delayMs: whole(retryDelay, "retryDelay"),
    multiplierPercent: whole(backoffMultiplier, "backoffMultiplier", 100),
    delayMsMax: whole(maxDelay, "maxDelay"),
    timeoutMs: whole(timeout, "timeout"),
    expireAfterMs: whole(expireAfter, "expireAfter"),
  };
  // What is not said is left out.
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function whole(value: number | undefined, name: string, unit = 1): number | undefined {
  if (value === undefined) return undefined;
  check(typeof value === "number" && value >= 0, name);
  return Math.min(Math.round(value * unit), COUNT_MAX);
}
