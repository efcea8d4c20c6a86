import { check } from "../../client/check.js";
import type { Operation } from "../../definition/operation.js";
import type { Definition } from "../../definition/parts.js";
import type { TabweaveError } from "../../errors/error.js";
import { accepted, type PageClient } from "../pageClient.js";
import { actionOf, isPending, isPriority, PRIORITIES } from "./actionOf.js";
import { clearPending } from "./clearPending.js";
import type { ClientWatch } from "./clientWatch.js";
import type { ActionPriority, NewOfflineAction, OfflineAction } from "./offlineAction.js";
import type { ClearOptions, OfflineActionQueue, OfflineQueueStats } from "./offlineActionQueue.js";
import { registered } from "./registered.js";

/** The outbox of the client that is followed, as a queue of actions. */
export class ClientQueue implements OfflineActionQueue {
  constructor(private readonly watch: () => ClientWatch) {}

  addAction({ type, interactionId, data, priority = "medium" }: NewOfflineAction): string {
    const { client, labels } = this.watch();
    check(isPriority(priority), "priority");
    check(typeof interactionId === "string", "interactionId");
    const definition = registeredOrTold(client, type) as Operation<unknown, unknown>;
    const { id } = accepted(client, () => client.mutate(definition, data, { priority }));
    labels.add(id, { interactionId, priority });
    return id;
  }

  removeAction(id: string): boolean {
    return this.watch().client.cancel(id);
  }

  getActions(): OfflineAction[] {
    const { client, labels } = this.watch();
    return client.outbox
      .getSnapshot()
      .operations.filter(isPending)
      .map((entry) => actionOf(entry, labels.get(entry.id)));
  }

  getActionsByPriority(priority?: ActionPriority): OfflineAction[] {
    const wanted = priority === undefined ? PRIORITIES : [priority];
    const actions = this.getActions();
    return wanted.flatMap((each) => actions.filter((action) => action.priority === each));
  }

  clearQueue(options?: ClearOptions): number {
    return clearPending(this.watch().client, options);
  }

  getQueueStats(): OfflineQueueStats {
    const actions = this.getActions();
    const byPriority = { low: 0, medium: 0, high: 0, critical: 0 };
    for (const { priority } of actions) byPriority[priority] += 1;
    return { total: actions.length, byPriority };
  }
}

function registeredOrTold(client: PageClient, type: string): Definition {
  try {
    return registered(client, type);
  } catch (error) {
    client.diagnostics.add(error as TabweaveError);
    throw error;
  }
}
