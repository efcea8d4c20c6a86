import { check } from "../client/check.js";
import type { Backoff } from "./backoff.js";
import { classOf, type ErrorClass } from "./classes.js";

/** An attempt that failed and is made again. */
export interface Retry {
  /** The number of the attempt that failed, from 1. */
  readonly attempt: number;
  /** How long it is until the next one, in milliseconds. */
  readonly delayMs: number;
  /** What it failed with. */
  readonly error: unknown;
}

export interface RetryOptions extends Partial<Backoff> {
  /** How often a call is made again after the first attempt. Default: 3, so at most 4 calls. */
  readonly maxRetries?: number;
  /** The longest first wait, in milliseconds. Default: 1000. */
  readonly retryDelay?: number;
  /** By how much each wait may be longer than the one before; at least 1. Default: 2. */
  readonly backoffMultiplier?: number;
  /** The longest wait, in milliseconds, unless the server asks for a longer one. Default: 30,000. */
  readonly maxDelay?: number;
  /** How long one attempt may take, in milliseconds; Infinity: as long as it likes. Default: 10,000. */
  readonly timeout?: number;
  /** How long all attempts and waits together may take, in milliseconds. Default: Infinity. */
  readonly totalTimeout?: number;
  /** Stops the call, at once, in whichever attempt or wait it is. */
  readonly signal?: AbortSignal | undefined;
  /** What kind of failure an error is; by default `classOf`, which goes by status, code and name. */
  readonly classify?: (error: unknown) => ErrorClass;
  /** Told of each attempt that failed and is made again. */
  readonly onRetry?: (retry: Retry) => void;
}

/** Options with their defaults. */
export interface RetryRules extends Backoff {
  readonly maxRetries: number;
  readonly timeout: number;
  readonly totalTimeout: number;
  readonly signal: AbortSignal | undefined;
  readonly classify: (error: unknown) => ErrorClass;
  readonly onRetry: (retry: Retry) => void;
}

/** What counts where an option is left out. */
export const RETRY_DEFAULTS = {
  maxRetries: 3,
  retryDelay: 1000,
  backoffMultiplier: 2,
  maxDelay: 30_000,
  timeout: 10_000,
  totalTimeout: Number.POSITIVE_INFINITY,
} as const;

export function retryRules(options: RetryOptions): RetryRules {
  check(typeof options === "object" && options !== null, "options");
  const {
    maxRetries = RETRY_DEFAULTS.maxRetries,
    retryDelay = RETRY_DEFAULTS.retryDelay,
    backoffMultiplier = RETRY_DEFAULTS.backoffMultiplier,
    maxDelay = RETRY_DEFAULTS.maxDelay,
    timeout = RETRY_DEFAULTS.timeout,
    totalTimeout = RETRY_DEFAULTS.totalTimeout,
    signal,
    classify = classOf,
    onRetry = () => {},
  } = options;
  check(Number.isInteger(maxRetries) || maxRetries === Number.POSITIVE_INFINITY, "maxRetries");
  check(backoffMultiplier >= 1 && backoffMultiplier < Number.POSITIVE_INFINITY, "backoffMultiplier");
  const amounts = { maxRetries, retryDelay, maxDelay, timeout, totalTimeout };
  // Not below 0, and a number: NaN is neither.
  for (const [name, amount] of Object.entries(amounts))
    check(typeof amount === "number" && amount >= 0, name);
  check(signal === undefined || typeof signal.addEventListener === "function", "signal");
  check(typeof classify === "function", "classify");
  check(typeof onRetry === "function", "onRetry");
  return { ...amounts, backoffMultiplier, signal, classify, onRetry };
}
