import type { EngineStatus, EngineView, JournalRecord, OperationRecord, Touch } from "../engine/binding.js";
import type { Core } from "./core.js";
import type { Optimism } from "./optimism.js";

/** What the stand-in tells: the same as the engine would. */
export interface EarlyListener {
  viewChanged(queries: readonly string[]): void;
  operationChanged(id: string): void;
  cancelled(id: string): void;
}

/**
 * Stands in for the engine until that is ready, and for good if it cannot be had: shows results with the
 * operations of this tab over them, and sends nothing.
 */
export class EarlyCore implements Core {
  readonly #base = new Map<string, unknown>();
  readonly #records: JournalRecord[];
  #shown = new Map<string, unknown>();
  #marks = new Map<string, Map<string, string[]>>();

  constructor(
    private readonly tab: string,
    private readonly optimism: Optimism,
    private readonly listener: EarlyListener,
    records: readonly JournalRecord[] = [],
  ) {
    this.#records = [...records];
  }

  /** What was accepted, in order: the engine takes it over. */
  get records(): JournalRecord[] {
    return [...this.#records];
  }

  mutate(record: JournalRecord): void {
    const touched = this.#run(record);
    this.#records.push(record);
    this.#mark(record.id, touched);
    this.listener.viewChanged(touched.map(([query]) => query));
    this.listener.operationChanged(record.id);
  }

  handleBase(updates: Array<[query: string, value: unknown]>): void {
    for (const [query, value] of updates) this.#base.set(query, value);
    this.#fold();
  }

  unwatch(query: string): void {
    this.#base.delete(query);
    this.#fold();
  }

  cancel(id: string): boolean {
    const at = this.#records.findIndex((record) => record.id === id);
    if (at < 0) return false;
    this.#records.splice(at, 1);
    this.#fold();
    this.listener.cancelled(id);
    return true;
  }

  view(query: string): EngineView | undefined {
    if (!this.#shown.has(query)) return undefined;
    const pending = [...(this.#marks.get(query) ?? [])];
    return { value: this.#shown.get(query), origin: "server", atMs: 0, pending };
  }

  operations(): OperationRecord[] {
    return this.#records.map(({ acceptedMs, ...record }, counter) => ({
      ...record,
      stamp: { wallMs: acceptedMs, counter, tab: this.tab },
      origin: this.tab,
      attempts: 0,
      state: "queued",
    }));
  }

  pendingKeys(): string[] {
    return [];
  }

  status(): EngineStatus | undefined {
    return undefined;
  }

  retry(): boolean {
    return false;
  }

  register(): void {
    this.#fold();
  }

  watch(): void {}
  handleAttempt(): void {}
  handleConnection(): void {}
  publish(): void {}
  watchPeers(): void {}
  handleServerTime(): void {}
  close(): void {}

  #run(record: JournalRecord): Touch[] {
    return this.optimism.run({ ...record, atMs: record.acceptedMs }, this.#shown) ?? [];
  }

  /** Runs all operations over the results again. */
  #fold(): void {
    const before = this.#shown;
    this.#shown = new Map(this.#base);
    this.#marks = new Map();
    for (const record of this.#records) {
      try {
        this.#mark(record.id, this.#run(record));
      } catch {
        // Its effect is not shown; the engine runs it again and reports what it throws.
      }
    }
    this.listener.viewChanged([...new Set([...before.keys(), ...this.#shown.keys()])]);
  }

  #mark(id: string, touched: readonly Touch[]): void {
    for (const [query, document] of touched) {
      const documents = this.#marks.get(query) ?? new Map<string, string[]>();
      this.#marks.set(query, documents);
      documents.set(document, [...(documents.get(document) ?? []), id]);
    }
  }
}
