/** How the waits between the attempts of a call grow. */
export interface Backoff {
  /** The longest first wait, in milliseconds. */
  readonly retryDelay: number;
  /** By how much each wait may be longer than the one before. */
  readonly backoffMultiplier: number;
  /** The longest wait, in milliseconds. */
  readonly maxDelay: number;
}

/** The longest that the wait before a retry may be, in milliseconds; `retry` counts from 0. */
export function delayBoundMs(retry: number, { retryDelay, backoffMultiplier, maxDelay }: Backoff): number {
  const bound = retryDelay * backoffMultiplier ** Math.max(retry, 0);
  // Nothing times without end is not a number.
  return Number.isNaN(bound) ? 0 : Math.min(bound, maxDelay);
}

/** A wait anywhere below the bound, so that callers who failed together do not come back together. */
export function jitteredMs(retry: number, backoff: Backoff): number {
  return Math.random() * delayBoundMs(retry, backoff);
}
