import { Deferred } from "./deferred.js";
import type { JournalRecord } from "./engine/binding.js";
import { type Durability, openDatabaseShelf, type Shelf } from "./shelf.js";

interface Entry {
  readonly record: JournalRecord;
  /** Its place on the shelf, once that is known. */
  key?: IDBValidKey | undefined;
  /** Where it was written. */
  durability?: Durability;
  /** Settled once it is committed, or could not be written. */
  readonly written: Deferred<void>;
}

/** How long what was released stays on the shelf if nothing is written that could take it along. */
const TIDY_AFTER_MS = 500;
/** From when on a write takes it along: each request makes the call take longer that is to be answered at once. */
const TAKE_ALONG_AFTER_MS = 250;
const TAKE_ALONG_MIN = 32;

/**
 * A tab's own durable list of the operations it accepted and the shared store does not hold yet.
 *
 * It is a database of its own, because a write with an explicit commit survives even a crash in the same
 * task unless another tab's transaction holds the same database. Where there is none, localStorage has to do.
 */
export class Journal {
  /** Entries that were not released, in order, with or without a place on the shelf. */
  readonly #entries = new Map<string, Entry>();
  /** Places on the shelf of what was released. */
  #released: IDBValidKey[] = [];
  /** When the first of them was released. */
  #releasedAtMs = 0;
  #isTidyingSoon = false;
  /** Where what is appended now is written in the task of the call; undefined: nowhere. */
  shelf: Shelf | undefined;
  #opening: Promise<void> | undefined;
  #isClosed = false;

  constructor(
    private readonly name: string,
    private readonly failed: (error: unknown) => void,
  ) {}

  /**
   * Opens the shelf; what was appended before is written then, in order. `isStale`: what is on it may have been
   * released or taken over meanwhile, and what is known here counts.
   */
  async open(isStale?: boolean): Promise<void> {
    if (this.#isClosed || this.shelf) return;
    this.#opening ??= this.#open(isStale);
    await this.#opening;
  }

  /** Writes a record, in this very task if the shelf is open. */
  append(record: JournalRecord): Readonly<Entry> {
    const entry: Entry = { record, written: new Deferred() };
    this.#entries.set(record.id, entry);
    if (this.shelf) void this.#write(this.shelf, entry);
    else void this.open();
    return entry;
  }

  /** The shared store holds the operation now. */
  release(id: string): void {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    entry?.written.resolve();
    if (entry?.key !== undefined) this.#leave(entry.key);
  }

  /** The records that were not released, in order. */
  get records(): JournalRecord[] {
    return [...this.#entries.values()].map((entry) => entry.record);
  }

  /** Lets the shelf go for a while: an open database that another page deletes throws this page out of the cache. */
  rest(): void {
    this.#tidy();
    this.shelf?.close(this.#isClosed && this.#entries.size === 0);
    this.shelf = undefined;
  }

  /** Closes the shelf once all is written, and deletes it if nothing is left on it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening;
    this.rest();
  }

  async #open(isStale?: boolean): Promise<void> {
    try {
      // What is lost with the shelf is written again.
      const lost = () => {
        this.rest();
        void this.open();
      };
      const open = () => openDatabaseShelf(this.name, lost);
      const shelf = await open().catch(async (cause) =>
        (await import("./local/shelf.js")).openOtherShelf(this.name, open, cause, this.failed),
      );
      this.shelf = shelf;
      // Places on a former shelf mean nothing on this one.
      this.#released = [];
      if (isStale) shelf.clear().catch(this.failed);
      for (const entry of this.#entries.values()) this.#write(shelf, entry);
    } catch (error) {
      this.failed(error);
      for (const entry of this.#entries.values()) entry.written.reject(error);
    }
    this.#opening = undefined;
  }

  async #write(shelf: Shelf, entry: Entry): Promise<void> {
    // It may have had a place before, on a shelf that is gone.
    entry.key = undefined;
    const isLong = performance.now() - this.#releasedAtMs > TAKE_ALONG_AFTER_MS;
    const released = isLong || this.#released.length >= TAKE_ALONG_MIN ? this.#takeReleased() : [];
    try {
      const placed = shelf.put(entry.record, released);
      entry.durability = shelf.durability;
      const key = await placed;
      entry.written.resolve();
      if (this.shelf !== shelf) return;
      entry.key = key;
      // Released while it was written: the entry has no business on the shelf any more.
      if (!this.#entries.has(entry.record.id)) this.#leave(key);
    } catch (error) {
      if (this.shelf === shelf) for (const key of released) this.#leave(key);
      this.failed(error);
      entry.written.reject(error);
    }
  }

  /** This place holds nothing any more that anybody needs: a later write clears it along, or a timer if there is none. */
  #leave(key: IDBValidKey): void {
    if (this.#released.length === 0) this.#releasedAtMs = performance.now();
    this.#released.push(key);
    // Items of localStorage are gone at once, and would be taken for work by who finds them.
    if (this.shelf?.durability === "localstorage") this.#tidy();
    else this.#tidySoon();
  }

  #tidySoon(): void {
    if (this.#isTidyingSoon) return;
    this.#isTidyingSoon = true;
    setTimeout(() => {
      this.#isTidyingSoon = false;
      this.#tidy();
    }, TIDY_AFTER_MS);
  }

  #tidy(): void {
    const released = this.#takeReleased();
    if (released.length > 0) this.shelf?.delete(released).catch(this.failed);
  }

  #takeReleased(): IDBValidKey[] {
    const released = this.#released;
    this.#released = [];
    return released;
  }
}
