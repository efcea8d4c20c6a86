import { TabweaveError } from "../errors/error.js";
import { jitteredMs } from "./backoff.js";
import { mayPass } from "./mayPass.js";
import { retryAfterMs } from "./retryAfter.js";
import { type RetryOptions, type RetryRules, retryRules } from "./retryOptions.js";
import { abortedBy, pause, within } from "./timer.js";

/** What a call is given in each attempt. */
export interface Attempt {
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  /** Aborted when the attempt has taken its time, and when the caller's own signal is. Pass it to `fetch`. */
  readonly signal: AbortSignal;
}

/**
 * Makes a call, and makes it again when it fails in a way that may pass: after a random wait below a bound that
 * doubles, or after as long as the server asks for (`Retry-After`). Every attempt counts, also one that ran out of
 * time.
 *
 * In memory only: a call that is under way when the page is left, reloaded or crashes is gone, and nobody makes
 * it again. What must not be lost is an operation for `client.mutate()`. An attempt that ran out of time may have
 * taken effect all the same; a call that must not take effect twice carries an idempotency key of its own.
 *
 * Rejects with a TabweaveError whose `cause` is the last failure: `attempts_exhausted` (tried as often as it may be),
 * `call_refused` (authentication, authorization, conflict, validation, rejected: not tried again), `timed_out`
 * (no time is left for another attempt), `aborted` (by `signal`; `cause` is its reason), `invalid_option`. What
 * `classify` or `onRetry` throws it rejects with as it is.
 */
export async function executeWithRetry<Result>(
  fn: (attempt: Attempt) => Result | Promise<Result>,
  options: RetryOptions = {},
): Promise<Result> {
  const rules = retryRules(options);
  const deadlineMs = performance.now() + rules.totalTimeout;
  for (let attempt = 1; ; attempt += 1) {
    if (rules.signal?.aborted) throw abortedBy(rules.signal);
    try {
      const leftMs = deadlineMs - performance.now();
      return await within(Math.min(rules.timeout, leftMs), rules.signal, (signal) => fn({ attempt, signal }));
    } catch (error) {
      await nextAttempt(rules, attempt, deadlineMs, error);
    }
  }
}

/** Resolves when the next attempt may begin; rejects if there is none. */
async function nextAttempt(
  rules: RetryRules,
  attempt: number,
  deadlineMs: number,
  error: unknown,
): Promise<void> {
  if (rules.signal?.aborted) throw abortedBy(rules.signal);
  if (!mayPass(error, rules.classify(error))) throw new TabweaveError("call_refused", { cause: error });
  if (attempt > rules.maxRetries) throw new TabweaveError("attempts_exhausted", { cause: error });
  const askedMs = retryAfterMs(error, Date.now()) ?? 0;
  const delayMs = Math.max(askedMs, jitteredMs(attempt - 1, rules));
  // To wait for a time that is not left would tell the caller later what is known now.
  if (performance.now() + delayMs >= deadlineMs) throw new TabweaveError("timed_out", { cause: error });
  rules.onRetry({ attempt, delayMs, error });
  await pause(delayMs, rules.signal);
}
