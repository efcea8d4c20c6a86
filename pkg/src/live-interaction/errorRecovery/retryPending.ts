import type { OperationState } from "../../client/snapshots.js";
import type { PageClient } from "../pageClient.js";
import { noHandler } from "./registered.js";

/**
 * Asks for all operations in these states to be tried now. Returns how many it was asked for; one that no open tab
 * has registered cannot be tried, is told to `tell`, and does not count.
 */
export function retryPending(
  client: PageClient,
  states: ReadonlySet<OperationState>,
  tell: (error: unknown) => void,
): number {
  let asked = 0;
  for (const { id, name, state, why } of client.outbox.getSnapshot().operations) {
    if (!states.has(state)) continue;
    if (why === "no_handler") tell(noHandler(name));
    else if (client.retry(id)) asked += 1;
  }
  return asked;
}
