import type { PageClient } from "../pageClient.js";
import { isPending } from "./actionOf.js";
import type { ErrorRecoveryState } from "./recoveryState.js";

/** How it stands with the client. */
export function stateOf(client: PageClient, lastSyncTime: number): Omit<ErrorRecoveryState, "errorHistory"> {
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
