import type { OutboxEntry } from "./snapshots.js";
import type { MutationHandle, TabweaveClient } from "./types.js";

/** An operation that the server refused, that was tried as often as it may be, that expired or was set aside. */
export interface DeadLetter extends OutboxEntry {
  readonly state: "dead";
  /** Tries it again, with all its retries before it; true if that could be asked for. */
  retry(): boolean;
  /** Does it with another argument instead; see `client.edit()`. */
  edit(args: unknown): Promise<MutationHandle<unknown>>;
  /** Takes it off the list; see `client.withdraw()`. */
  discard(): Promise<boolean>;
}

/** A dead operation with what can be done about it. */
export function letterOf(
  client: Pick<TabweaveClient, "retry" | "edit" | "withdraw">,
  entry: OutboxEntry,
): DeadLetter {
  const { id } = entry;
  return {
    ...entry,
    state: "dead",
    retry: () => client.retry(id),
    edit: (args) => client.edit(id, args),
    discard: () => client.withdraw(id),
  };
}
