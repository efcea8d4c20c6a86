import type { JournalRecord } from "./engine/binding.js";

/**
 * What holds an operation: `indexeddb` outlives a crash of the browser; `localstorage` outlives the page and its
 * crash, and may be lost with the browser within seconds; `memory` ends with the page.
 */
export type Durability = "indexeddb" | "localstorage" | "memory";

/** What a journal is written into. A write is issued in the task of the call, and may throw there. */
export interface Shelf {
  readonly durability: Durability;
  /** Takes out what lies at these places and puts the record in, at once; resolves with its place when that is committed. */
  put(record: JournalRecord, released: readonly IDBValidKey[]): Promise<IDBValidKey>;
  /** Never throws, but may reject, as `clear`. */
  delete(released: readonly IDBValidKey[]): Promise<unknown>;
  clear(): Promise<unknown>;
  /** Lets it go, and deletes it if nothing is left in it. */
  close(isEmpty: boolean): void;
}

const STORE = "operations";

/**
 * Opens the database of this name; it is made if it is not there. `lost` is called when it is deleted under the
 * page: by another tab that took this one for dead, or with the site's data.
 */
export function openDatabaseShelf(name: string, lost: () => void): Promise<Shelf> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { autoIncrement: true });
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = database.onclose = lost;
      resolve(databaseShelf(database));
    };
    request.onerror = () => reject(request.error);
  });
}

/** Places that follow one another are one request: what a burst left behind would take longer than all its writes. */
function rangesOf(places: readonly IDBValidKey[]): IDBKeyRange[] {
  const sorted = [...(places as number[])].sort((a, b) => a - b);
  const isFirst = (place: number, at: number) => place - 1 !== sorted[at - 1];
  const isLast = (place: number, at: number) => place + 1 !== sorted[at + 1];
  const lasts = sorted.filter(isLast);
  return sorted.filter(isFirst).map((first, at) => IDBKeyRange.bound(first, lasts[at]));
}

function databaseShelf(database: IDBDatabase): Shelf {
  /**
   * One transaction, issued and committed in this task. It does not wait for the disk: what the browser was handed outlives
   * page and browser, and against a power failure it would help only until the store, which does not either, takes over.
   */
  const run = (issue: (store: IDBObjectStore) => IDBRequest | undefined): Promise<IDBValidKey> => {
    const transaction = database.transaction(STORE, "readwrite", { durability: "relaxed" });
    const request = issue(transaction.objectStore(STORE));
    transaction.commit();
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  };
  return {
    durability: "indexeddb",
    put: (record, released) =>
      run((store) => {
        for (const range of rangesOf(released)) store.delete(range);
        return store.put(record);
      }),
    delete: async (released) =>
      run((store) => {
        for (const range of rangesOf(released)) store.delete(range);
        return undefined;
      }),
    clear: async () => run((store) => store.clear()),
    close(isEmpty) {
      database.close();
      if (isEmpty) indexedDB.deleteDatabase(database.name);
    },
  };
}
