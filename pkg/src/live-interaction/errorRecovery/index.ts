/**
 * Error recovery for apps that had a module of their own for it: its names, over the client of the page.
 *
 * @module
 */
export type { InteractionId, Open } from "../open.js";
export { classifyError, type ErrorClassification } from "./classification.js";
export { connectErrorRecovery } from "./connected.js";
export type { RecordedError } from "./errorHistory.js";
export { ErrorRecoveryManager, type ErrorRecoveryOptions } from "./errorRecoveryManager.js";
export { ErrorSeverity } from "./errorSeverity.js";
export { ErrorType } from "./errorType.js";
export type { ActionPriority, NewOfflineAction, OfflineAction } from "./offlineAction.js";
export type { ClearOptions, OfflineActionQueue, OfflineQueueStats } from "./offlineActionQueue.js";
export type { ErrorRecoveryState } from "./recoveryState.js";
export type { ActionData, Register } from "./register.js";
export {
  calculateBackoffDelay,
  type PartialRetryConfig,
  type RetryConfig,
  retryWithBackoff,
} from "./retryConfig.js";
export { errorRecoveryManager, offlineActionQueue } from "./singleton.js";
export { type ErrorRecovery, useErrorRecovery } from "./useErrorRecovery.js";
