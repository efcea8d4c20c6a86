import type { Row } from "../row.js";
import { client, scribble, TEXT } from "../scribble.js";

const STORE = "operations";

/** From the call until the operation outlives the page, against one transaction with as many bytes. */
export const persist: Row = {
  name: "an operation is safe on disk",
  against: "IndexedDB put + commit",
  rounds: 100,
  async prepare() {
    const database = await openByHand();
    return {
      async ours(round) {
        const startedMs = performance.now();
        const handle = client.mutate(scribble, { round, text: TEXT });
        await handle.persisted;
        return { tookMs: performance.now() - startedMs, afterwards: handle.settled };
      },
      async theirs(round) {
        const startedMs = performance.now();
        await putByHand(database, round);
        return { tookMs: performance.now() - startedMs };
      },
    };
  },
};

function openByHand(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("benches-by-hand", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** What the journal of a tab does for an operation, and nothing else. */
function putByHand(database: IDBDatabase, round: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.objectStore(STORE).put({
      schema: 1,
      id: crypto.randomUUID(),
      name: scribble.name,
      body: { kind: "intent", arguments: { round, text: TEXT } },
      scope: "default",
      repeatable: false,
      confirmedByKey: false,
      acceptedMs: Date.now(),
    });
    transaction.commit();
  });
}
