import type { JournalRecord } from "./engine/binding.js";

/**
 * What holds an operation: `indexeddb` outlives a crash of the browser; `localstorage` outlives the page and its
 * crash, and may be lost with the browser within seconds; `memory` ends with the page.
 */
export type Durability = "indexeddb" | "localstorage" | "memory";

/** What a journal is written into. A write is issued in the task of the call, and may throw there. */
export interface Shelf {
  readonly durability: Durability;
  /** Resolves with the record's key when it is committed. */
  put(record: JournalRecord): Promise<IDBValidKey>;
  /** Never throws, but may reject, as `clear`. */
  delete(key: IDBValidKey): Promise<unknown>;
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

function databaseShelf(database: IDBDatabase): Shelf {
  /** One transaction, issued and committed in this task. */
  const run = (issue: (store: IDBObjectStore) => IDBRequest): Promise<IDBValidKey> => {
    const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
    const request = issue(transaction.objectStore(STORE));
    transaction.commit();
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  };
  return {
    durability: "indexeddb",
    put: (record) => run((store) => store.put(record)),
    delete: async (key) => run((store) => store.delete(key)),
    clear: async () => run((store) => store.clear()),
    close(isEmpty) {
      database.close();
      if (isEmpty) indexedDB.deleteDatabase(database.name);
    },
  };
}
