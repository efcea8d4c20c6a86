import { ErrorRecoveryManager } from "./errorRecoveryManager.js";

/** The error recovery of this page, over its only client or the one given to `connectErrorRecovery`. */
export const errorRecoveryManager = new ErrorRecoveryManager();

/** The operations of that client which have not come to their end, as a list that can be read at once. */
export const offlineActionQueue = errorRecoveryManager.queue;
