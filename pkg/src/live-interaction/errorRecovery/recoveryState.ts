import type { RecordedError } from "./errorHistory.js";

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
