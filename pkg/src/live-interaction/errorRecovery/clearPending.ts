import type { PageClient } from "../pageClient.js";
import { isPending } from "./actionOf.js";
import type { ClearOptions } from "./offlineActionQueue.js";

/**
 * Makes dead letters of all operations that have not come to their end and are not on their way: they are kept and
 * listed until a person retries or discards them. Returns how many it was asked for.
 */
export function clearPending(client: PageClient, { discard = false }: ClearOptions = {}): number {
  const pending = client.outbox.getSnapshot().operations.filter(isPending);
  return pending.filter(({ id }) => (discard ? client.cancel(id) : client.setAside(id))).length;
}
