import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TabweaveError } from "../../../pkg/src/errors/error.js";
import { delayBoundMs } from "../../../pkg/src/recovery/backoff.js";
import {
  type Attempt,
  executeWithRetry,
  type Retry,
  type RetryOptions,
} from "../../../pkg/src/recovery/index.js";

beforeEach(() => {
  vi.useFakeTimers();
  // No jitter: every wait is the longest it may be.
  vi.spyOn(Math, "random").mockReturnValue(1);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const failing = (status: number, more: object = {}) => Object.assign(new Error("no"), { status, ...more });
const never = () => new Promise<never>(() => {});

/** What became of a call: a value, or a code with its cause; and when. */
interface Ending {
  readonly value?: unknown;
  readonly code?: string;
  readonly cause?: unknown;
  readonly atMs: number;
}

/** Makes a call that answers in this way, lets all time pass, and tells what became of it and when. */
async function play(fn: (attempt: Attempt) => unknown, options: RetryOptions = {}) {
  const startedMs = performance.now();
  const calls: number[] = [];
  const retries: Retry[] = [];
  const ended = executeWithRetry(
    (attempt) => {
      calls.push(performance.now() - startedMs);
      return fn(attempt);
    },
    { onRetry: (retry) => retries.push(retry), ...options },
  ).then<Ending, Ending>(
    (value) => ({ value, atMs: performance.now() - startedMs }),
    (error) => ({ code: error.code, cause: error.cause, atMs: performance.now() - startedMs }),
  );
  await vi.runAllTimersAsync();
  expect(vi.getTimerCount()).toBe(0);
  return { calls, retries, ...(await ended) };
}

test("a call that succeeds is made once", async () => {
  expect(await play(({ attempt }) => attempt)).toEqual({ calls: [0], retries: [], value: 1, atMs: 0 });
});

test("a call is made at most four times, after waits that double", async () => {
  const last = failing(503);
  const { calls, retries, code, cause } = await play(() => Promise.reject(last));
  expect({ calls, code, cause }).toEqual({
    calls: [0, 1000, 3000, 7000],
    code: "attempts_exhausted",
    cause: last,
  });
  expect(retries).toEqual([
    { attempt: 1, delayMs: 1000, error: last },
    { attempt: 2, delayMs: 2000, error: last },
    { attempt: 3, delayMs: 4000, error: last },
  ]);
});

test("what passes is the answer of the attempt that passed", async () => {
  const played = await play(({ attempt }) => {
    if (attempt < 3) throw failing(503);
    return `attempt ${attempt}`;
  });
  expect(played).toMatchObject({ value: "attempt 3", calls: [0, 1000, 3000] });
});

test("waits grow no longer than the longest", async () => {
  const options = { maxRetries: 5, retryDelay: 100, backoffMultiplier: 10, maxDelay: 3000 };
  const { retries } = await play(() => Promise.reject(failing(500)), options);
  expect(retries.map(({ delayMs }) => delayMs)).toEqual([100, 1000, 3000, 3000, 3000]);
});

test("waits are spread from nothing to the bound", async () => {
  vi.mocked(Math.random).mockReturnValueOnce(0).mockReturnValueOnce(0.25).mockReturnValueOnce(0.5);
  const { retries } = await play(() => Promise.reject(failing(500)));
  expect(retries.map(({ delayMs }) => delayMs)).toEqual([0, 500, 2000]);
});

test("the server's own wait counts if it is longer", async () => {
  const asking = (header: string) => failing(429, { response: { headers: { "Retry-After": header } } });
  const longer = await play(() => Promise.reject(asking("60")), { maxRetries: 1 });
  const shorter = await play(() => Promise.reject(asking("0")), { maxRetries: 1 });
  expect([longer.calls, shorter.calls]).toEqual([
    [0, 60_000],
    [0, 1000],
  ]);
});

test.each([400, 401, 403, 404, 409, 422])("status %d is not tried again", async (status) => {
  const error = failing(status);
  expect(await play(() => Promise.reject(error))).toEqual({
    calls: [0],
    retries: [],
    code: "call_refused",
    cause: error,
    atMs: 0,
  });
});

test("the app may know better what an error means", async () => {
  const classify = (error: unknown) => (error === "busy" ? "unavailable" : "rejected");
  const busy = await play(() => Promise.reject("busy"), { classify, maxRetries: 1 });
  const other = await play(() => Promise.reject(failing(503)), { classify });
  expect([busy.calls.length, other.calls.length]).toEqual([2, 1]);
});

test("an attempt without an end ends in time, its signal is aborted, and it counts", async () => {
  const signals: AbortSignal[] = [];
  const played = await play(({ signal }) => {
    signals.push(signal);
    return never();
  });
  expect(played).toMatchObject({
    calls: [0, 11_000, 23_000, 37_000],
    code: "attempts_exhausted",
    atMs: 47_000,
  });
  expect(played.cause).toMatchObject({ code: "timed_out" });
  expect(signals.map(({ aborted, reason }) => [aborted, reason.code])).toEqual(
    signals.map(() => [true, "timed_out"]),
  );
});

test("what a late attempt comes to is not heard", async () => {
  const late = (ms: number, error: Error) =>
    new Promise((_, reject) => {
      setTimeout(() => reject(error), ms);
    });
  const played = await play(({ attempt }) => (attempt === 1 ? late(20_000, failing(401)) : "done"));
  expect(played).toMatchObject({ value: "done", calls: [0, 11_000] });
});

test("all together take no longer than they may", async () => {
  const played = await play(never, { totalTimeout: 15_000 });
  expect(played).toMatchObject({ calls: [0, 11_000], code: "timed_out", atMs: 15_000 });
});

test("no time is waited that is not left", async () => {
  const error = failing(503, { retryAfter: 60 });
  const played = await play(() => Promise.reject(error), { totalTimeout: 30_000 });
  expect(played).toMatchObject({ calls: [0], code: "timed_out", cause: error, atMs: 0, retries: [] });
});

test.each<[string, number, (attempt: Attempt) => unknown, number]>([
  ["in an attempt", 5000, never, 1],
  ["in a wait", 500, () => Promise.reject(failing(503)), 1],
  ["in the last attempt", 36_000, never, 3],
])("the caller's signal stops it at once %s", async (_, atMs, fn, calls) => {
  const controller = new AbortController();
  const removed = vi.spyOn(controller.signal, "removeEventListener");
  const added = vi.spyOn(controller.signal, "addEventListener");
  setTimeout(() => controller.abort("enough"), atMs);
  const played = await play(fn, { signal: controller.signal });
  expect(played).toMatchObject({ code: "aborted", cause: "enough", atMs });
  expect(played.calls).toHaveLength(calls);
  // A listener that stays holds every attempt as long as the signal lives.
  expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
});

test("with a signal that is aborted nothing is called", async () => {
  const played = await play(() => "done", { signal: AbortSignal.abort("before") });
  expect(played).toMatchObject({ calls: [], code: "aborted", cause: "before" });
});

test("what onRetry throws ends the call", async () => {
  const onRetry = () => {
    throw new RangeError("not now");
  };
  const ended = executeWithRetry(() => Promise.reject(failing(503)), { onRetry });
  await expect(ended).rejects.toThrow(new RangeError("not now"));
});

test("an error of this package knows whether it may pass", async () => {
  const closed = await play(() => Promise.reject(new TabweaveError("client_closed")));
  const stalled = await play(() => Promise.reject(new TabweaveError("storage_stalled")), { maxRetries: 1 });
  expect([closed.code, closed.calls.length, stalled.code, stalled.calls.length]).toEqual([
    ...["call_refused", 1],
    ...["attempts_exhausted", 2],
  ]);
});

test("an error that does not let itself be looked at is one of unknown kind", async () => {
  const trap = () => {
    throw new Error("trapped");
  };
  const hostile = new Proxy({}, { get: trap, has: trap });
  const { calls, code, cause } = await play(() => Promise.reject(hostile), { maxRetries: 1 });
  expect({ calls, code }).toEqual({ calls: [0, 1000], code: "attempts_exhausted" });
  expect(cause === hostile).toBe(true);
});

test.each<[string, RetryOptions]>([
  ["maxRetries", { maxRetries: -1 }],
  ["maxRetries", { maxRetries: 1.5 }],
  ["retryDelay", { retryDelay: Number.NaN }],
  ["backoffMultiplier", { backoffMultiplier: 0.5 }],
  ["maxDelay", { maxDelay: -1 }],
  ["timeout", { timeout: "1" as unknown as number }],
  ["totalTimeout", { totalTimeout: -1 }],
  ["signal", { signal: {} as AbortSignal }],
  ["classify", { classify: {} as RetryOptions["classify"] & object }],
  ["onRetry", { onRetry: 1 as unknown as () => void }],
])("%s that cannot be is refused before anything is called", async (name, options) => {
  const fn = vi.fn();
  await expect(executeWithRetry(fn, options)).rejects.toMatchObject({
    code: "invalid_option",
    message: expect.stringContaining(`\`${name}\``),
  });
  expect(fn).not.toHaveBeenCalled();
});

test("the bound of a wait never falls, never passes the longest, and is always a time", () => {
  const backoffs = fc.record({
    retryDelay: fc.double({ min: 0, noNaN: true }),
    backoffMultiplier: fc.double({ min: 1, max: 1e300, noNaN: true }),
    maxDelay: fc.double({ min: 0, noNaN: true }),
  });
  fc.assert(
    fc.property(backoffs, fc.nat(2000), (backoff, retry) => {
      const bound = delayBoundMs(retry, backoff);
      expect(bound >= 0 && bound <= backoff.maxDelay).toBe(true);
      expect(delayBoundMs(retry + 1, backoff)).toBeGreaterThanOrEqual(bound);
    }),
  );
});
