// What one would write by hand, with nothing but IndexedDB.
import { type Scribble, scribble } from "./scribble.js";

const STORE = "operations";

export function openByHand(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** What the journal of a tab keeps of an operation. */
export const recordOf = (args: Scribble) => ({
  schema: 1,
  id: crypto.randomUUID(),
  name: scribble.name,
  body: { kind: "intent", arguments: args },
  scope: "default",
  repeatable: false,
  confirmedByKey: false,
  acceptedMs: Date.now(),
});

/** One transaction, issued and committed in this task, for all of them. Resolves when it is on disk. */
export function putByHand(database: IDBDatabase, records: readonly unknown[]): Promise<void> {
  const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
  const store = transaction.objectStore(STORE);
  for (const record of records) store.put(record);
  transaction.commit();
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Everything that is in it. */
export function readByHand(database: IDBDatabase): Promise<unknown[]> {
  const request = database.transaction(STORE, "readonly").objectStore(STORE).getAll();
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export function clearByHand(database: IDBDatabase): Promise<void> {
  const transaction = database.transaction(STORE, "readwrite");
  transaction.objectStore(STORE).clear();
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
