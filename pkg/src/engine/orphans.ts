import type { Names } from "../client/names.js";
import type { JournalRecord, Presence as Known, Orphans } from "./binding.js";

const STORE = "operations";

/** Tabs by what is known of them. */
interface Presence {
  /** Tabs that take part. */
  readonly living: Set<string>;
  /** Tabs whose page exists, though it may be asleep. */
  readonly pages: Set<string>;
}

/** Undefined if the browser cannot tell. */
async function presence(names: Names): Promise<Presence | undefined> {
  if (navigator.locks === undefined) return undefined;
  const { held = [] } = await navigator.locks.query();
  const holders = (prefix: string) =>
    new Set(
      held.flatMap(({ name }) =>
        name?.startsWith(prefix) ? [name.slice(prefix.length).split("/", 1).join()] : [],
      ),
    );
  return { living: holders(names.lifeLocks), pages: holders(names.pageLocks) };
}

/** Finds the journals of tabs that live no more, and clears them away once they were taken over. */
export class OrphanFinder {
  /** Per owner the entries that were read: later ones are of an owner that woke up again. */
  readonly #read = new Map<string, IDBValidKey[]>();

  constructor(
    private readonly names: Names,
    private readonly tab: string,
  ) {}

  /** `peers` are the tabs that are believed to live where the browser cannot tell. */
  async find(peers: readonly string[]): Promise<Orphans> {
    const { living, pages } = await this.#around(peers);
    if (pages === undefined) return { living: [...living], pages: [...living], journals: [] };
    const journals: Orphans["journals"] = [];
    for (const owner of await this.#owners()) {
      if (living.has(owner)) continue;
      const records = await this.#readJournal(owner);
      if (records.length > 0) journals.push({ owner, records });
      else if (!pages.has(owner)) indexedDB.deleteDatabase(this.names.journals + owner);
    }
    return { living: [...living], pages: [...pages], journals };
  }

  /** Who is there, without a look at their journals. */
  async lookAround(peers: readonly string[]): Promise<Known> {
    const { living, pages = living } = await this.#around(peers);
    return { living: [...living], pages: [...pages] };
  }

  /** Without `pages` the browser cannot tell. */
  async #around(peers: readonly string[]): Promise<{ living: Set<string>; pages?: Set<string> }> {
    const known = await presence(this.names);
    const { living } = known ?? { living: new Set(peers) };
    living.add(this.tab);
    return known ?? { living };
  }

  /** Deletes what was read of a journal, and all of it if its owner will never write again. */
  async drop(owner: string): Promise<void> {
    const keys = this.#read.get(owner) ?? [];
    this.#read.delete(owner);
    const database = await openIfThere(this.names.journals + owner);
    if (database === undefined) return;
    const transaction = database.transaction(STORE, "readwrite");
    const store = transaction.objectStore(STORE);
    for (const key of keys) store.delete(key);
    const left = store.count();
    transaction.commit();
    await finished(transaction);
    database.close();
    if (left.result > 0) return;
    // A sleeping owner keeps its database open: deleting it would make everybody who opens it wait.
    const known = await presence(this.names);
    if (known?.pages.has(owner) === false) indexedDB.deleteDatabase(this.names.journals + owner);
  }

  async #owners(): Promise<string[]> {
    if (typeof indexedDB === "undefined") return [];
    // Missing in browsers before 2024; what is in the shared store is not touched by that.
    const databases = (await indexedDB.databases?.()) ?? [];
    return databases
      .map(({ name }) => name ?? "")
      .filter((name) => name.startsWith(this.names.journals))
      .map((name) => name.slice(this.names.journals.length));
  }

  async #readJournal(owner: string): Promise<JournalRecord[]> {
    const name = this.names.journals + owner;
    const database = await openIfThere(name);
    if (database === undefined) return [];
    const transaction = database.transaction(STORE, "readonly");
    const store = transaction.objectStore(STORE);
    const keys = store.getAllKeys();
    const records = store.getAll();
    transaction.commit();
    await finished(transaction);
    database.close();
    this.#read.set(owner, keys.result);
    return records.result as JournalRecord[];
  }
}

/** Opens a journal that exists; one that was deleted in the meantime is not made again. */
function openIfThere(name: string): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => request.transaction?.abort();
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      event.preventDefault();
      resolve(undefined);
    };
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
