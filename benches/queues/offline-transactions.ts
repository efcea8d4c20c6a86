import { createCollection, localOnlyCollectionOptions } from "@tanstack/db";
import { IndexedDBAdapter, type OnlineDetector, startOfflineExecutor } from "@tanstack/offline-transactions";
import { TEXT } from "../scribble.js";
import { type Queue, times } from "./queue.js";

/** Its own storage, with a look at what it says that it has stored: that is before the commit. */
class WatchedStorage extends IndexedDBAdapter {
  stored = () => {};

  override async set(key: string, value: string): Promise<void> {
    await super.set(key, value);
    this.stored();
  }
}

/** A connection that is there or not. */
class Switch implements OnlineDetector {
  readonly #listeners = new Set<() => void>();
  #isOnline = false;

  set(isOnline: boolean): void {
    this.#isOnline = isOnline;
    if (isOnline) this.notifyOnline();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  notifyOnline(): void {
    for (const listener of this.#listeners) listener();
  }

  isOnline(): boolean {
    return this.#isOnline;
  }

  dispose(): void {}
}

/** As its documentation has it: a collection, a transaction for each thing that a person does, its own IndexedDB. */
export async function openOfflineTransactions(): Promise<Queue> {
  const scribbles = createCollection(
    localOnlyCollectionOptions<{ id: string; round: number; text: string }, string>({
      id: "scribbles",
      getKey: ({ id }) => id,
    }),
  );
  const storage = new WatchedStorage("benches-offline-transactions");
  const connection = new Switch();
  const executor = startOfflineExecutor({
    collections: { scribbles },
    mutationFns: { scribble: async () => {} },
    storage,
    onlineDetector: connection,
  });
  await executor.waitForInit();
  if (!executor.isOfflineEnabled) throw new Error("offline-transactions does not store anything here");
  let committed: Promise<unknown>[] = [];
  return {
    async enqueue(round, count) {
      await new Promise<void>((resolve) => {
        let missing = count;
        storage.stored = () => {
          missing -= 1;
          if (missing === 0) resolve();
        };
        committed = times(count, () => {
          const transaction = executor.createOfflineTransaction({
            mutationFnName: "scribble",
            autoCommit: false,
          });
          transaction.mutate(() => scribbles.insert({ id: crypto.randomUUID(), round, text: TEXT }));
          return transaction.commit();
        });
      });
    },
    async drain() {
      connection.set(true);
      await Promise.all(committed);
      connection.set(false);
    },
    close: async () => executor.dispose(),
  };
}
