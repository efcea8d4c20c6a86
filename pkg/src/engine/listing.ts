import { detailsOf } from "../client/details.js";
import type { OutboxEntry } from "../client/snapshots.js";
import { TabweaveError } from "../errors/error.js";
import type { Attempts } from "./attempts.js";
import type { OperationRecord } from "./binding.js";

const FINISHED: ReadonlySet<string> = new Set(["done", "dead", "cancelled"]);

/** The engine's operations as pages list them. An entry keeps its reference until something about it changed. */
export class Listing {
  #entries = new Map<string, { readonly version: string; readonly entry: OutboxEntry }>();

  constructor(private readonly attempts: Attempts) {}

  /** Takes the records in the order in which they run. */
  read(records: readonly OperationRecord[]): OutboxEntry[] {
    const known = this.#entries;
    this.#entries = new Map();
    const first = new Map<string, string>();
    return records.map((record) => {
      const behind = FINISHED.has(record.state) ? undefined : first.get(record.scope);
      if (!FINISHED.has(record.state) && behind === undefined) first.set(record.scope, record.id);
      const version = versionOf(record, behind);
      const old = known.get(record.id);
      const current = old?.version === version ? old : { version, entry: this.#entry(record, behind) };
      this.#entries.set(record.id, current);
      return current.entry;
    });
  }

  #entry(record: OperationRecord, behind: string | undefined): OutboxEntry {
    const { id, state, why, attempts, firstAttemptMs, inDoubt = false } = record;
    const { stamp, untilMs, failure, result } = record;
    const details = detailsOf(record, stamp.wallMs);
    const { sensitive } = details;
    return {
      ...details,
      key: keyOf(record),
      state: state === "claimed" ? "running" : state,
      why,
      behind,
      attempts,
      firstAttemptAt: firstAttemptMs,
      inDoubt,
      retryAt: untilMs,
      result,
      error: failure && (sensitive ? new TabweaveError(failure.code) : this.attempts.failure(id, failure)),
      mergedInto: record.into,
    };
  }
}

/** As the engine makes it: how often it was merged is a part of it. */
function keyOf({ id, rebases = 0 }: OperationRecord): string {
  return rebases === 0 ? id : `${id}.${rebases}`;
}

/** Everything about an operation that can change. */
function versionOf(
  { state, attempts, why, untilMs, epoch, atMs, inDoubt, merges, rebases }: OperationRecord,
  behind: string | undefined,
): string {
  return [state, attempts, why, untilMs, epoch, atMs, inDoubt, merges, rebases, behind].join();
}
