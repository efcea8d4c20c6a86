"use client";

import { useMemo, useSyncExternalStore } from "react";
import { classifyError } from "./classification.js";
import type { ErrorRecoveryManager } from "./errorRecoveryManager.js";
import { type ErrorRecoveryState, INITIAL_STATE } from "./recoveryState.js";
import { retryWithBackoff } from "./retryConfig.js";
import { errorRecoveryManager as manager } from "./singleton.js";

/** The state, and what `errorRecoveryManager` can do, as functions that stay the same. */
export interface ErrorRecovery
  extends ErrorRecoveryState,
    Pick<
      ErrorRecoveryManager,
      | "handleError"
      | "addOfflineAction"
      | "processOfflineQueue"
      | "clearErrorHistory"
      | "executeWithRetry"
      | "retryPendingOperations"
      | "getPendingOperationsCount"
      | "clearPendingOperations"
    > {
  retryWithBackoff: typeof retryWithBackoff;
  classifyError: typeof classifyError;
}

const controls: Omit<ErrorRecovery, keyof ErrorRecoveryState> = {
  handleError: manager.handleError.bind(manager),
  addOfflineAction: manager.addOfflineAction.bind(manager),
  processOfflineQueue: manager.processOfflineQueue.bind(manager),
  clearErrorHistory: manager.clearErrorHistory.bind(manager),
  executeWithRetry: (fn, config) => manager.executeWithRetry(fn, config),
  retryPendingOperations: manager.retryPendingOperations.bind(manager),
  getPendingOperationsCount: manager.getPendingOperationsCount.bind(manager),
  clearPendingOperations: manager.clearPendingOperations.bind(manager),
  retryWithBackoff,
  classifyError,
};

const subscribe = (listener: () => void) => manager.addListener(listener);
const getState = () => manager.getState();
const getServerState = () => INITIAL_STATE;

/**
 * How it stands with the connection, with what waits to be sent and with what went wrong, and what to do about it. The
 * client is made before the component is mounted. On a server and during hydration nothing is known.
 */
export function useErrorRecovery(): ErrorRecovery {
  const state = useSyncExternalStore(subscribe, getState, getServerState);
  return useMemo(() => ({ ...state, ...controls }), [state]);
}
