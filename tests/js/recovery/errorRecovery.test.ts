import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { derivedId } from "../../../pkg/src/live-interaction/errorRecovery/derivedId.js";
import {
  calculateBackoffDelay,
  classifyError,
  connectErrorRecovery,
  ErrorRecoveryManager,
  ErrorSeverity,
  ErrorType,
  errorRecoveryManager,
  offlineActionQueue,
  retryWithBackoff,
} from "../../../pkg/src/live-interaction/errorRecovery/index.js";
import { MESSAGES } from "../../../pkg/src/recovery/index.js";

const status = (value: number) => Object.assign(new Error("secret"), { status: value });
const action = { type: "keep", interactionId: "i1", data: 1 };

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(1);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test.each<[string, () => unknown]>([
  ["addOfflineAction", () => errorRecoveryManager.addOfflineAction(action)],
  ["processOfflineQueue", () => errorRecoveryManager.processOfflineQueue()],
  ["retryPendingOperations", () => errorRecoveryManager.retryPendingOperations()],
  ["getPendingOperationsCount", () => errorRecoveryManager.getPendingOperationsCount()],
  ["clearPendingOperations", () => errorRecoveryManager.clearPendingOperations()],
  ["addAction", () => offlineActionQueue.addAction(action)],
  ["removeAction", () => offlineActionQueue.removeAction("1")],
  ["getActions", () => offlineActionQueue.getActions()],
  ["getActionsByPriority", () => offlineActionQueue.getActionsByPriority()],
  ["clearQueue", () => offlineActionQueue.clearQueue()],
  ["getQueueStats", () => offlineActionQueue.getQueueStats()],
])("without a client %s keeps nothing in memory, and says so", async (_, call) => {
  await expect((async () => call())()).rejects.toMatchObject({ code: "client_missing" });
});

test("without a client nothing is online, and errors are listed all the same", async () => {
  const manager = new ErrorRecoveryManager();
  const heard: number[] = [];
  const stop = manager.addListener(({ errorHistory }) => heard.push(errorHistory.length));
  expect(manager.getState()).toEqual({
    isOnline: false,
    hasOfflineActions: false,
    offlineActionCount: 0,
    lastSyncTime: 0,
    syncStatus: "synced",
    errorHistory: [],
  });
  const classification = await manager.handleError(status(401), { where: "here" });
  stop();
  const before = manager.getState();
  expect(before.errorHistory).toEqual([
    { ...classification, context: { where: "here" }, timestamp: Date.now() },
  ]);
  expect(manager.getState()).toBe(before);
  manager.clearErrorHistory();
  expect([manager.getState().errorHistory, heard]).toEqual([[], [1]]);
});

test("the last hundred errors are listed", async () => {
  const manager = new ErrorRecoveryManager();
  for (let count = 0; count < 130; count += 1) await manager.handleError(count);
  const { errorHistory } = manager.getState();
  expect([errorHistory.length, errorHistory[0]?.originalError, errorHistory.at(-1)?.originalError]).toEqual([
    100, 30, 129,
  ]);
});

test.each([
  [new TypeError("secret"), ErrorType.NETWORK, ErrorSeverity.LOW, true, MESSAGES.network],
  [status(408), ErrorType.TIMEOUT, ErrorSeverity.LOW, true, MESSAGES.timeout],
  [status(503), ErrorType.SERVER, ErrorSeverity.MEDIUM, true, MESSAGES.unavailable],
  [status(429), ErrorType.SERVER, ErrorSeverity.LOW, true, expect.stringContaining("in a moment")],
  [status(401), ErrorType.AUTHENTICATION, ErrorSeverity.HIGH, false, MESSAGES.authentication],
  [status(403), ErrorType.AUTHORIZATION, ErrorSeverity.MEDIUM, false, MESSAGES.authorization],
  [status(409), ErrorType.CONFLICT, ErrorSeverity.MEDIUM, false, MESSAGES.conflict],
  [status(422), ErrorType.VALIDATION, ErrorSeverity.MEDIUM, false, MESSAGES.validation],
  [status(404), ErrorType.VALIDATION, ErrorSeverity.MEDIUM, false, MESSAGES.rejected],
  [new Error("secret"), ErrorType.UNKNOWN, ErrorSeverity.HIGH, true, MESSAGES.unknown],
])("%s is classified", (error, type, severity, retryable, message) => {
  expect(classifyError(error)).toEqual({ type, severity, retryable, message, originalError: error });
});

test("a manager speaks in the words it was given", async () => {
  const manager = new ErrorRecoveryManager({ messages: { network: "Kein Netz." } });
  expect(await manager.handleError(new TypeError("x"))).toMatchObject({ message: "Kein Netz." });
});

test("the bound of the wait doubles from the base up to the longest", () => {
  const bounds = [0, 1, 2, 5, 2000].map((count) => calculateBackoffDelay(count));
  expect(bounds).toEqual([1000, 2000, 4000, 30_000, 30_000]);
  expect(calculateBackoffDelay(2, { baseDelay: 10, backoffMultiplier: 3, maxDelay: 80 })).toBe(80);
});

test.each([
  ["baseDelay", { baseDelay: 50 }],
  ["retryDelay", { retryDelay: 50 }],
])("the first wait is called %s", async (_, config) => {
  const delays: number[] = [];
  const ended = retryWithBackoff(({ attempt }) => (attempt < 3 ? Promise.reject(status(503)) : "done"), {
    ...config,
    onRetry: ({ delayMs }) => delays.push(delayMs),
  });
  await vi.runAllTimersAsync();
  expect([await ended, delays]).toEqual(["done", [50, 100]]);
});

test("what a call fails with in the end is listed", async () => {
  const manager = new ErrorRecoveryManager({ retry: { maxRetries: 0 } });
  const ended = manager.executeWithRetry(() => Promise.reject(status(503)));
  await expect(ended).rejects.toMatchObject({ code: "attempts_exhausted" });
  expect(manager.getState().errorHistory).toMatchObject([{ type: "server", retryable: true }]);
});

test("an id made of a text is a UUID, always the same, and another one for another text", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, other) => {
      expect(derivedId(text)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(derivedId(text) === derivedId(other)).toBe(text === other);
    }),
  );
});

test("ids made of texts that differ little differ in every part", () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => derivedId(`app\nanna\n{"id":"action-${index}"}`));
  for (const part of [0, 8, 16, 24]) {
    const parts = new Set(
      ids.map((id) =>
        id
          .replaceAll("-", "")
          .padEnd(36)
          .slice(part, part + 8),
      ),
    );
    // By chance alone about one of them falls together with another.
    expect(parts.size).toBeGreaterThan(ids.length - 20);
  }
});

test("who looks before it is told does not keep it from those who listen", () => {
  const stop = () => {};
  const operations: { state: string }[] = [];
  const hear: (() => void)[] = [];
  const store = { getSnapshot: () => [], subscribe: () => stop };
  const whole = {
    ...{ tab: "", connectivity: { getSnapshot: () => ({ connected: true }), subscribe: () => stop } },
    ...{ diagnostics: store, topic: () => ({}), onSettledAnywhere: () => stop },
    outbox: {
      getSnapshot: () => ({ operations, dead: [] }),
      subscribe: (call: () => void) => {
        hear.push(call);
        return stop;
      },
    },
  };
  const manager = new ErrorRecoveryManager({ client: whole as never });
  const heard: number[] = [];
  manager.addListener(({ offlineActionCount }) => heard.push(offlineActionCount));
  operations.push({ state: "queued" });
  expect(manager.getState().offlineActionCount).toBe(1);
  for (const call of hear) call();
  expect(heard).toEqual([1]);
});

test("a client that was connected is the one that counts, until that is taken back", () => {
  const client = { outbox: { getSnapshot: () => ({ operations: [{ state: "queued" }], dead: [] }) } };
  const stop = () => {};
  const store = { getSnapshot: () => [], subscribe: () => stop };
  const whole = {
    ...{ tab: "", connectivity: { getSnapshot: () => ({ connected: true }), subscribe: () => stop } },
    ...{ diagnostics: store, topic: () => ({}), onSettledAnywhere: () => stop },
    outbox: { ...client.outbox, subscribe: () => stop },
  };
  const disconnect = connectErrorRecovery(whole as never);
  expect(errorRecoveryManager.getPendingOperationsCount()).toBe(1);
  expect(errorRecoveryManager.getState()).toMatchObject({ isOnline: true, syncStatus: "syncing" });
  disconnect();
  expect(errorRecoveryManager.getState()).toMatchObject({ isOnline: false, syncStatus: "synced" });
});
