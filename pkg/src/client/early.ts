import type { EngineView, JournalRecord, Touch, Wish } from "../engine/binding.js";
import { TabweaveError } from "../errors/error.js";
import type { Core } from "./core.js";
import { detailsOf } from "./details.js";
import type { Session } from "./session.js";
import type { OutboxEntry } from "./snapshots.js";

interface Operation {
  readonly record: JournalRecord;
  readonly entry: OutboxEntry;
}

/**
 * Stands in for the engine until that is ready, and for good if it cannot be had: shows results with the
 * operations of this tab over them, and sends nothing.
 */
export class EarlyCore implements Core {
  readonly #base = new Map<string, unknown>();
  readonly #operations: Operation[];
  #shown = new Map<string, unknown>();
  #marks = new Map<string, Map<string, string[]>>();

  constructor(private readonly session: Session) {
    this.#operations = session.journal.records.map(operationOf);
  }

  mutate(record: JournalRecord): void {
    const touched = this.#run(record);
    this.#operations.push(operationOf(record));
    this.#mark(record.id, touched);
    this.session.rooms.queries.changed(touched.map(([query]) => query));
    this.session.rooms.outbox.changed();
  }

  handleBase(updates: Array<[query: string, value: unknown]>): void {
    for (const [query, value] of updates) this.#base.set(query, value);
    this.#fold();
  }

  unwatch(query: string): void {
    this.#base.delete(query);
    this.#fold();
  }

  wish(id: string, wish: Wish): boolean {
    if (wish !== "cancel") return false;
    const at = this.#operations.findIndex(({ entry }) => entry.id === id);
    if (at < 0) return false;
    this.#operations.splice(at, 1);
    this.#fold();
    this.session.settle({
      id,
      state: "cancelled",
      result: undefined,
      error: new TabweaveError("cancelled"),
    });
    this.session.rooms.outbox.changed();
    return true;
  }

  view(query: string): EngineView | undefined {
    if (!this.#shown.has(query)) return undefined;
    const pending = [...(this.#marks.get(query) ?? [])];
    return { value: this.#shown.get(query), origin: "server", atMs: 0, pending };
  }

  entries(): OutboxEntry[] {
    return this.#operations.map(({ entry }) => entry);
  }

  pendingKeys(): string[] {
    return [];
  }

  place(): undefined {}

  async settleDoubt(): Promise<boolean> {
    return true;
  }

  register(): void {
    this.#fold();
  }

  watch(): void {}
  watchKeys(): void {}
  handleAttempt(): void {}
  handleConnection(): void {}
  publish(): void {}
  watchPeers(): void {}
  signedIn(): void {}
  close(): void {}

  #run(record: JournalRecord): Touch[] {
    return (
      this.session.rooms.optimism.run(
        {
          ...record,
          version: record.terms?.version ?? 0,
          sensitive: record.terms?.sensitive,
          atMs: record.acceptedMs,
        },
        this.#shown,
      ) ?? []
    );
  }

  /** Runs all operations over the results again. */
  #fold(): void {
    const before = this.#shown;
    this.#shown = new Map(this.#base);
    this.#marks = new Map();
    for (const { record } of this.#operations) {
      try {
        this.#mark(record.id, this.#run(record));
      } catch {
        // Its effect is not shown; the engine runs it again and reports what it throws.
      }
    }
    this.session.rooms.queries.changed([...new Set([...before.keys(), ...this.#shown.keys()])]);
  }

  #mark(id: string, touched: readonly Touch[]): void {
    for (const [query, document] of touched) {
      const documents = this.#marks.get(query) ?? new Map<string, string[]>();
      this.#marks.set(query, documents);
      documents.set(document, [...(documents.get(document) ?? []), id]);
    }
  }
}

function operationOf(record: JournalRecord): Operation {
  return { record, entry: detailsOf(record, record.acceptedMs) };
}
