import { Listeners } from "./listeners.js";
import type { OutboxEntry, OutboxSnapshot, Store } from "./snapshots.js";

/** What is listed before anything is known. */
export const EMPTY_OUTBOX: OutboxSnapshot = Object.freeze({ operations: [], waiting: 0, dead: [] });

/** The list of all known operations. An entry keeps its reference until something about it changed. */
export class Outbox implements Store<OutboxSnapshot> {
  #snapshot: OutboxSnapshot = EMPTY_OUTBOX;
  #isStale = true;
  readonly #listeners = new Listeners();

  constructor(private readonly entries: () => readonly OutboxEntry[]) {}

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
    const find = ({ operations }: OutboxSnapshot) => operations.find((entry) => entry.id === id)?.name;
    return find(this.#snapshot) ?? find(this.getSnapshot());
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
    const operations = this.entries();
    if (operations.length === before.length && operations.every((entry, index) => entry === before[index])) {
      return this.#snapshot;
    }
    return {
      operations,
      waiting: operations.filter(({ state }) => !FINISHED.has(state)).length,
      dead: operations.filter(({ state }) => state === "dead" || state === "parked"),
    };
  }
}

const FINISHED: ReadonlySet<string> = new Set(["done", "dead", "cancelled"]);
