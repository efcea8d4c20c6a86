import type { Failure, OperationRecord } from "../engine/binding.js";
import type { TabweaveError } from "../errors/error.js";
import { Listeners } from "./listeners.js";
import type { OutboxEntry, OutboxSnapshot, Store } from "./snapshots.js";

/** What is listed before anything is known. */
export const EMPTY_OUTBOX: OutboxSnapshot = Object.freeze({ operations: [], waiting: 0, dead: [] });

/** What the outbox needs of the client. */
export interface OutboxHost {
  operations(): readonly OperationRecord[];
  failure(id: string, failure: Failure): TabweaveError | undefined;
}

/** The list of all known operations. An entry keeps its reference until something about it changed. */
export class Outbox implements Store<OutboxSnapshot> {
  #entries = new Map<string, { readonly version: string; readonly entry: OutboxEntry }>();
  #snapshot: OutboxSnapshot = EMPTY_OUTBOX;
  #isStale = true;
  readonly #listeners = new Listeners();

  constructor(private readonly host: OutboxHost) {}

  readonly getSnapshot = (): OutboxSnapshot => {
    if (this.#isStale) {
      this.#isStale = false;
      this.#snapshot = this.#read();
    }
    return this.#snapshot;
  };

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  /** The name of an operation's definition. It never changes, so an older list will do. */
  nameOf(id: string): string | undefined {
    if (!this.#entries.has(id)) this.getSnapshot();
    return this.#entries.get(id)?.entry.name;
  }

  /** What is listed is read anew; `changed` tells it. */
  forget(): void {
    this.#isStale = true;
  }

  changed(): void {
    this.#isStale = true;
    this.#listeners.tell();
  }

  #read(): OutboxSnapshot {
    const before = this.#snapshot.operations;
    const known = this.#entries;
    this.#entries = new Map();
    const operations = this.host.operations().map((record) => {
      const version = versionOf(record);
      const old = known.get(record.id);
      const current = old?.version === version ? old : { version, entry: this.#entry(record) };
      this.#entries.set(record.id, current);
      return current.entry;
    });
    if (operations.length === before.length && operations.every((entry, index) => entry === before[index])) {
      return this.#snapshot;
    }
    return {
      operations,
      waiting: operations.filter(({ state }) => !FINISHED.has(state)).length,
      dead: operations.filter(({ state }) => state === "dead" || state === "parked"),
    };
  }

  #entry({
    id,
    name,
    body,
    state,
    why,
    attempts,
    stamp,
    untilMs,
    failure,
    result,
  }: OperationRecord): OutboxEntry {
    return {
      id,
      name,
      state: state === "claimed" ? "running" : state,
      why,
      attempts,
      acceptedAt: stamp.wallMs,
      retryAt: untilMs,
      args: body.kind === "intent" ? body.arguments : undefined,
      document: body.kind === "edit" ? { collection: body.collection, id: body.document } : undefined,
      result,
      error: failure && this.host.failure(id, failure),
    };
  }
}

const FINISHED: ReadonlySet<string> = new Set(["done", "dead", "cancelled"]);

/** Everything about an operation that can change. */
function versionOf({ state, attempts, why, untilMs, epoch, atMs }: OperationRecord): string {
  return [state, attempts, why, untilMs, epoch, atMs].join();
}
