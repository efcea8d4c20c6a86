import type { RecordedError } from "./errorHistory.js";
import { isPending } from "./offlineAction.js";
import type { RecoveryClient } from "./recoveryClient.js";

/** How it stands with the connection, with what waits to be sent, and with what went wrong. */
export interface ErrorRecoveryState {
  /** Whether the server is reached. */
  isOnline: boolean;
  hasOfflineActions: boolean;
  /** How many operations have not come to their end. */
  offlineActionCount: number;
  /** When an operation was last done, as far as this page knows, in milliseconds since 1970; 0: not yet. */
  lastSyncTime: number;
  /** `error`: an operation needs a person. `syncing`: operations wait or are on their way. */
  syncStatus: "synced" | "syncing" | "error";
  /** The last 100 errors, the newest last. */
  errorHistory: RecordedError[];
}

/** What is shown before anything is known, and on a server. */
export const INITIAL_STATE: ErrorRecoveryState = Object.freeze({
  isOnline: false,
  hasOfflineActions: false,
  offlineActionCount: 0,
  lastSyncTime: 0,
  syncStatus: "synced",
  errorHistory: [],
});

export function stateOf(
  client: RecoveryClient,
  lastSyncTime: number,
): Omit<ErrorRecoveryState, "errorHistory"> {
  const { operations, dead } = client.outbox.getSnapshot();
  const offlineActionCount = operations.filter(isPending).length;
  const waiting = offlineActionCount > 0 ? "syncing" : "synced";
  return {
    isOnline: client.connectivity.getSnapshot().connected,
    hasOfflineActions: offlineActionCount > 0,
    offlineActionCount,
    lastSyncTime,
    syncStatus: dead.length > 0 ? "error" : waiting,
  };
}

/** Whether both say the same; their lists are other ones after every change. */
export function isSameState(a: ErrorRecoveryState, b: ErrorRecoveryState): boolean {
  return Object.entries(a).every(([key, value]) => Object.is(value, b[key as keyof ErrorRecoveryState]));
}
