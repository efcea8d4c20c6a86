import type { Session } from "../client/session.js";
import type { OutboxEntry } from "../client/snapshots.js";
import { TabweaveError } from "../errors/error.js";
import type { Attempts } from "./attempts.js";

/**
 * Settles what became of an operation of which an attempt had no answer, so that it can be given up without having
 * taken effect behind its back: the server is asked for what it recorded under the key, or refuses it from then on.
 * True: it did not, and never will. False: it did, and is done.
 *
 * Rejects with `outcome_unknown` if the server cannot tell or is not reached.
 */
export async function closeKey(
  session: Session,
  calls: Attempts,
  { id, key, attempts, acceptedAt, firstAttemptAt = acceptedAt, sensitive }: OutboxEntry,
): Promise<boolean> {
  const { source } = session;
  if (source?.close === undefined) throw new TabweaveError("outcome_unknown");
  const { signal } = new AbortController();
  const outcome = await source.close({ key, firstAttemptMs: firstAttemptAt, signal });
  if (outcome.kind === "closed") return true;
  if (outcome.kind === "done") {
    session.use((core) =>
      core.handleAttempt(id, attempts, {
        kind: "accepted",
        value: calls.told(id, outcome.result, sensitive),
        seen: false,
      }),
    );
    return false;
  }
  throw new TabweaveError("outcome_unknown", { cause: "error" in outcome ? outcome.error : undefined });
}
