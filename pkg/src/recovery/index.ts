/**
 * What went wrong, in a word for the app and a sentence for people, and calls that are tried again, in memory only.
 *
 * @module
 */
export type { Backoff } from "./backoff.js";
export { classOf, type ErrorClass } from "./classes.js";
export { type DescribeOptions, describeError, type ErrorDescription } from "./describeError.js";
export { type Attempt, executeWithRetry } from "./executeWithRetry.js";
export { type Failure, MESSAGES, type Message, type Messages } from "./messages.js";
export { RETRY_AFTER_MAX_MS, retryAfterMs } from "./retryAfter.js";
export type { Retry, RetryOptions } from "./retryOptions.js";
export { type Severity, severityOf } from "./severity.js";
