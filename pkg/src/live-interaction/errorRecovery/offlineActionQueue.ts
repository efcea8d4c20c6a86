import { check } from "../../client/check.js";
import type { Operation } from "../../definition/operation.js";
import { type ClearOptions, clearPending } from "./clearPending.js";
import type { ClientWatch } from "./clientWatch.js";
import {
  type ActionPriority,
  actionOf,
  isPending,
  isPriority,
  type NewOfflineAction,
  type OfflineAction,
  PRIORITIES,
} from "./offlineAction.js";
import { refusalOf, registered } from "./recoveryClient.js";

/** How many actions there are, and how many of each priority. */
export interface OfflineQueueStats {
  total: number;
  byPriority: Record<ActionPriority, number>;
}

/**
 * The operations of the client's outbox that have not come to their end, as a list that can be read at once. All
 * methods throw `client_missing` if it is not known which client is meant.
 */
export class OfflineActionQueue {
  readonly #watch: () => ClientWatch;

  /** @internal */
  constructor(watch: () => ClientWatch) {
    this.#watch = watch;
  }

  /**
   * Calls the operation that is registered with the client under `type`, with `data`. It is durable and is sent as
   * soon as it can be: at once, too. Returns the operation's id.
   *
   * @throws TabweaveError `no_handler` if nothing is registered under `type`; else what `client.mutate()` refuses a
   * call with, as `identity_unknown`, `args_not_cloneable`, `outbox_full`. Nothing is kept then.
   */
  addAction({ type, interactionId, data, priority = "medium" }: NewOfflineAction): string {
    const { client, labels } = this.#watch();
    check(isPriority(priority), "priority");
    check(typeof interactionId === "string", "interactionId");
    const definition = registeredOrTold(this.#watch(), type);
    const { id } = client.mutate(definition as Operation<unknown, unknown>, data, { priority });
    const refusal = refusalOf(client, id);
    if (refusal !== undefined) throw refusal;
    labels.add(id, { interactionId, priority });
    return id;
  }

  /** Withdraws an operation that is not on its way; true if it could be. */
  removeAction(id: string): boolean {
    return this.#watch().client.cancel(id);
  }

  /** In the order in which they were done. */
  getActions(): OfflineAction[] {
    const { client, labels } = this.#watch();
    return client.outbox
      .getSnapshot()
      .operations.filter(isPending)
      .map((entry) => actionOf(entry, labels.get(entry.id)));
  }

  /** Those of this priority; without one all, from critical to low. */
  getActionsByPriority(priority?: ActionPriority): OfflineAction[] {
    const wanted = priority === undefined ? PRIORITIES : [priority];
    const actions = this.getActions();
    return wanted.flatMap((each) => actions.filter((action) => action.priority === each));
  }

  /** As `clearPendingOperations` of the manager. */
  clearQueue(options?: ClearOptions): number {
    return clearPending(this.#watch().client, options);
  }

  getQueueStats(): OfflineQueueStats {
    const actions = this.getActions();
    const byPriority = { low: 0, medium: 0, high: 0, critical: 0 };
    for (const { priority } of actions) byPriority[priority] += 1;
    return { total: actions.length, byPriority };
  }
}

function registeredOrTold({ client }: ClientWatch, type: string) {
  try {
    return registered(client, type);
  } catch (error) {
    client.diagnostics.add(error as never);
    throw error;
  }
}
