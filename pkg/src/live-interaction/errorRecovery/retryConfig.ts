import { delayBoundMs } from "../../recovery/backoff.js";
import { type Attempt, executeWithRetry } from "../../recovery/executeWithRetry.js";
import { RETRY_DEFAULTS, type RetryOptions } from "../../recovery/retryOptions.js";

/** How often and how long a call is tried; times are in milliseconds. */
export interface RetryConfig {
  /** How often it is made again after the first attempt. Default: 3. */
  maxRetries: number;
  /** The longest first wait. Default: 1000. */
  baseDelay: number;
  /** The longest wait. Default: 30,000. */
  maxDelay: number;
  /** By how much each wait may be longer than the one before. Default: 2. */
  backoffMultiplier: number;
  /** How long one attempt may take. Default: 10,000. */
  timeout: number;
}

/** As `RetryConfig`, each part optional; `retryDelay` is another name of `baseDelay`. */
export type PartialRetryConfig = Partial<RetryConfig> & RetryOptions;

/** The longest that the wait before a retry may be, in milliseconds; `retryCount` counts from 0. */
export function calculateBackoffDelay(retryCount: number, config: Partial<RetryConfig> = {}): number {
  const {
    baseDelay = RETRY_DEFAULTS.retryDelay,
    backoffMultiplier = RETRY_DEFAULTS.backoffMultiplier,
    maxDelay = RETRY_DEFAULTS.maxDelay,
  } = config;
  return delayBoundMs(retryCount, { retryDelay: baseDelay, backoffMultiplier, maxDelay });
}

/**
 * Makes a call and makes it again when it fails in a way that may pass: `executeWithRetry` of `tabweave/recovery`,
 * which says how it rejects. In memory only: what must outlive the page is an offline action.
 */
export function retryWithBackoff<Result>(
  fn: (attempt: Attempt) => Result | Promise<Result>,
  { baseDelay, ...options }: PartialRetryConfig = {},
): Promise<Result> {
  return executeWithRetry(fn, baseDelay === undefined ? options : { ...options, retryDelay: baseDelay });
}
