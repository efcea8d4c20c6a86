import type { JournalRecord } from "./engine/binding.js";

const STORE = "operations";
/** How often, and how long after, an opening is tried again that the browser broke off. */
const OPENINGS_MAX = 5;
const OPEN_AGAIN_MS = 100;

/** Opens the journal of this name; it is made if it is not there. */
async function openJournal(name: string, opening = 1): Promise<IDBDatabase> {
  try {
    return await new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { autoIncrement: true });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } catch (error) {
    // A browser that is deleting the site's data breaks off what opens meanwhile.
    if ((error as Error).name !== "AbortError" || opening === OPENINGS_MAX) throw error;
    await new Promise((resolve) => setTimeout(resolve, OPEN_AGAIN_MS));
    return openJournal(name, opening + 1);
  }
}

interface Entry {
  readonly record: JournalRecord;
  key: IDBValidKey | undefined;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * A tab's own durable list of the operations it accepted and the shared store does not hold yet.
 *
 * It is a database of its own, because a write with an explicit commit survives even a crash in the same
 * task unless another tab's transaction holds the same database.
 */
export class Journal {
  /** Entries that were not released, in order, with or without a place in the database. */
  readonly #entries = new Map<string, Entry>();
  #database: IDBDatabase | undefined;
  #opening: Promise<void> | undefined;
  #isClosed = false;
  /** Whether the database may hold what was released while it was closed. */
  #isStale = false;

  constructor(
    private readonly name: string,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Opens the database; what was appended before is written then, in order. */
  open(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Writes a record, in this very task if the database is open. Resolves when it is committed. */
  append(record: JournalRecord): Promise<void> {
    return new Promise((done, failed) => {
      const entry: Entry = { record, key: undefined, done, failed };
      this.#entries.set(record.id, entry);
      if (this.#database !== undefined) this.#write(this.#database, entry);
      else if (this.#opening === undefined) void this.open();
    });
  }

  /** The shared store holds the operation now. */
  release(id: string): void {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    entry?.done();
    if (entry?.key === undefined || this.#database === undefined) return;
    const { key } = entry;
    this.#run(this.#database, (store) => store.delete(key));
  }

  /** The records that were not released, in order. */
  get records(): JournalRecord[] {
    return [...this.#entries.values()].map((entry) => entry.record);
  }

  /** Lets the database go for a while: an open one that another page deletes throws this page out of the cache. */
  rest(): void {
    this.#database?.close();
    this.#database = undefined;
    for (const entry of this.#entries.values()) entry.key = undefined;
  }

  /** Opens the database again. What is in it may have been taken over meanwhile: what is known here counts. */
  wake(): void {
    this.#isStale = true;
    void this.open();
  }

  /** Closes the database once all is written, and deletes it if nothing is left in it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening;
    this.rest();
    if (this.#entries.size === 0 && typeof indexedDB !== "undefined") indexedDB.deleteDatabase(this.name);
  }

  async #open(): Promise<void> {
    try {
      const database = await openJournal(this.name);
      // Another tab took this one for dead and took the journal over; what it left behind is written again.
      // The same when the site's data was deleted under the page.
      database.onversionchange = database.onclose = () => this.#reopen();
      this.#database = database;
      if (this.#isStale) this.#run(database, (store) => store.clear());
      this.#isStale = false;
      for (const entry of this.#entries.values()) this.#write(database, entry);
    } catch (error) {
      this.failed(error);
      for (const entry of this.#entries.values()) entry.failed(error);
    }
  }

  #reopen(): void {
    this.rest();
    if (!this.#isClosed) void this.open();
  }

  #write(database: IDBDatabase, entry: Entry): void {
    const fail = (error: unknown) => {
      this.failed(error);
      entry.failed(error);
    };
    this.#run(
      database,
      (store) => {
        const request = store.put(entry.record);
        request.onsuccess = () => {
          entry.key = request.result;
          // Released while it was written: the entry has no business in the database any more.
          if (!this.#entries.has(entry.record.id)) this.#run(database, (it) => it.delete(request.result));
        };
      },
      entry.done,
      fail,
    );
  }

  /** One transaction, issued and committed in this task. */
  #run(
    database: IDBDatabase,
    issue: (store: IDBObjectStore) => unknown,
    done: () => void = () => {},
    failed: (error: unknown) => void = this.failed,
  ): void {
    try {
      const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
      transaction.oncomplete = () => done();
      transaction.onabort = () => failed(transaction.error);
      issue(transaction.objectStore(STORE));
      transaction.commit();
    } catch (error) {
      failed(error);
    }
  }
}
