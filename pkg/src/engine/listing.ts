import { detailsOf } from "../client/details.js";
import type { OutboxEntry } from "../client/snapshots.js";
import type { Attempts } from "./attempts.js";
import type { OperationRecord } from "./binding.js";

/** The engine's operations as pages list them. An entry keeps its reference until something about it changed. */
export class Listing {
  #entries = new Map<string, { readonly version: string; readonly entry: OutboxEntry }>();

  constructor(private readonly attempts: Attempts) {}

  read(records: readonly OperationRecord[]): OutboxEntry[] {
    const known = this.#entries;
    this.#entries = new Map();
    return records.map((record) => {
      const version = versionOf(record);
      const old = known.get(record.id);
      const current = old?.version === version ? old : { version, entry: this.#entry(record) };
      this.#entries.set(record.id, current);
      return current.entry;
    });
  }

  #entry(record: OperationRecord): OutboxEntry {
    const { id, state, why, attempts, stamp, untilMs, failure, result } = record;
    return {
      ...detailsOf(record, stamp.wallMs),
      state: state === "claimed" ? "running" : state,
      why,
      attempts,
      retryAt: untilMs,
      result,
      error: failure && this.attempts.failure(id, failure),
    };
  }
}

/** Everything about an operation that can change. */
function versionOf({ state, attempts, why, untilMs, epoch, atMs }: OperationRecord): string {
  return [state, attempts, why, untilMs, epoch, atMs].join();
}
