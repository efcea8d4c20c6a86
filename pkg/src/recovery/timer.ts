import { Deferred } from "../deferred.js";
import { TabweaveError } from "../errors/error.js";

/** The longest that a timer of a browser can run, in milliseconds; with a longer one it fires at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * Resolves or rejects with what `run` comes to. Rejects at once with `aborted` when the outer signal is aborted, and
 * with `timed_out` after `ms`; then the signal that `run` was given is aborted, too, and what `run` still comes to
 * is not heard.
 */
export async function within<Result>(
  ms: number,
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Result | Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const ended = new Deferred<never>();
  const end = (error: TabweaveError) => {
    controller.abort(error);
    ended.reject(error);
  };
  const abort = () => end(abortedBy(outer));
  const stopTimer = after(ms, () => end(new TabweaveError("timed_out")));
  outer?.addEventListener("abort", abort);
  try {
    return await Promise.race([ended.promise, run(controller.signal)]);
  } finally {
    stopTimer();
    outer?.removeEventListener("abort", abort);
  }
}

/** Resolves after `ms`; rejects at once with `aborted` when the signal is. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return within(Number.POSITIVE_INFINITY, signal, (ended) => {
    return new Promise<void>((resolve) => {
      const stop = after(ms, resolve);
      ended.addEventListener("abort", stop, { once: true });
    });
  });
}

/** What a call rejects with when its caller stopped it. */
export function abortedBy(signal: AbortSignal | undefined): TabweaveError {
  return new TabweaveError("aborted", { cause: signal?.reason });
}

/** Calls `act` after `ms`, if that is a time that comes, unless the returned function is called before. */
function after(ms: number, act: () => void): () => void {
  if (ms > TIMER_MS_MAX) return () => {};
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}
