import type { ActionPriority, NewOfflineAction, OfflineAction } from "./offlineAction.js";

/** How many actions there are, and how many of each priority. */
export interface OfflineQueueStats {
  total: number;
  byPriority: Record<ActionPriority, number>;
}

export interface ClearOptions {
  /** Withdraws the operations instead of setting them aside: they are gone. Default: false. */
  readonly discard?: boolean;
}

/**
 * The operations of the client's outbox that have not come to their end, as a list that can be read at once. All
 * methods throw `client_missing` if it is not known which client is meant.
 */
export interface OfflineActionQueue {
  /**
   * Calls the operation that is registered with the client under `type`, with `data`. It is durable and is sent as
   * soon as it can be, which may be at once. Returns the operation's id.
   *
   * @throws TabweaveError `no_handler` if nothing is registered under `type`; else what `client.mutate()` refuses a
   * call with, as `identity_unknown`, `args_not_cloneable`, `outbox_full`. Nothing is kept then.
   */
  addAction(action: NewOfflineAction): string;
  /** Withdraws an operation that is stored and not on its way; true if it could be. */
  removeAction(id: string): boolean;
  /** In the order in which they were done. */
  getActions(): OfflineAction[];
  /** Those of this priority; without one all, from critical to low. */
  getActionsByPriority(priority?: ActionPriority): OfflineAction[];
  /** As `clearPendingOperations` of `errorRecoveryManager`. */
  clearQueue(options?: ClearOptions): number;
  getQueueStats(): OfflineQueueStats;
}
