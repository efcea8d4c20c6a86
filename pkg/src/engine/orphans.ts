import type { Names } from "../client/names.js";
import { committed, openIfThere } from "../database.js";
import type { EnginePeer, JournalRecord, Orphans, TabPresence } from "./binding.js";
import type { Heritage } from "./heritage.js";

const STORE = "operations";

/** Tabs by what is known of them. */
interface Presence {
  /** Tabs that take part. */
  readonly living: Set<string>;
  /** Tabs whose page exists, though it may be asleep. */
  readonly pages: Set<string>;
}

type Peers = ReadonlyArray<Pick<EnginePeer, "tab" | "asleep">>;

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
  return { living: holders(names.locks("life")), pages: holders(names.locks("page")) };
}

/** Finds the journals of tabs that live no more, and clears them away once they were taken over. */
export class OrphanFinder {
  /** Per owner the entries that were read: later ones are of an owner that woke up again. */
  readonly #read = new Map<string, IDBValidKey[]>();
  /** Loaded once a journal is found in localStorage, which few browsers have any of. */
  #heritage: Heritage | undefined;

  constructor(
    private readonly names: Names,
    private readonly tab: string,
  ) {}

  /** The operation is kept elsewhere, or has come to its end. */
  release(id: string): void {
    this.#heritage?.release(id);
  }

  /** Leaves what is left to other tabs. */
  close(): void {
    this.#heritage?.close();
  }

  /** Which tabs are there; `peers` are those that are believed to be where the browser cannot tell. */
  async lookAround(peers: Peers): Promise<TabPresence> {
    const known = await presence(this.names);
    const awake = peers.filter(({ asleep }) => !asleep);
    const living = known?.living ?? awake.map(({ tab }) => tab);
    const pages = known?.pages ?? peers.map(({ tab }) => tab);
    return { living: [...new Set([this.tab, ...living])], pages: [...new Set([this.tab, ...pages])] };
  }

  /** The same, with the journals of tabs that live no more. */
  async find(peers: Peers): Promise<Orphans> {
    // First the journals, then who lives: a tab holds its locks before it has a journal, so who is not among the living
    // by then is gone for good. The other way round a tab that opens in between would be taken for dead.
    const owners = await this.#owners();
    const { living, pages } = await this.lookAround(peers);
    const journals: Orphans["journals"] = [];
    const read = new Map<string, IDBValidKey[]>();
    // Where the browser cannot tell who lives, an owner may be asleep: what it wrote is taken over, the database stays.
    const isKnown = navigator.locks !== undefined;
    for (const owner of owners) {
      if (living.includes(owner)) continue;
      const { keys, records } = await this.#readJournal(owner);
      read.set(owner, keys);
      if (records.length > 0) journals.push({ owner, records });
      else if (isKnown && !pages.includes(owner)) indexedDB.deleteDatabase(this.names.journals + owner);
    }
    // Only now: what is dropped until then is what was handed over before.
    for (const [owner, keys] of read) this.#read.set(owner, keys);
    for (const { owner, records } of await this.#inherited(() => this.lookAround(peers))) {
      // A tab that lost its database went on in localStorage.
      const known = journals.find((journal) => journal.owner === owner);
      if (known === undefined) journals.push({ owner, records });
      else known.records.push(...records);
    }
    return { living, pages, journals };
  }

  /** Deletes what was read of a journal, and all of it if its owner will never write again. */
  async drop(owner: string): Promise<void> {
    const keys = this.#read.get(owner);
    // There was no database, or it was dropped before.
    if (keys === undefined) return;
    this.#read.delete(owner);
    const database = await openIfThere(this.names.journals + owner);
    if (database === undefined) return;
    const transaction = database.transaction(STORE, "readwrite");
    const store = transaction.objectStore(STORE);
    for (const key of keys) store.delete(key);
    const left = store.count();
    transaction.commit();
    await committed(transaction);
    database.close();
    if (left.result > 0) return;
    // A sleeping owner keeps its database open: deleting it would make everybody who opens it wait.
    const known = await presence(this.names);
    if (known?.pages.has(owner) === false) indexedDB.deleteDatabase(this.names.journals + owner);
  }

  /** Journals in localStorage. */
  async #inherited(look: () => Promise<TabPresence>): Promise<Orphans["journals"]> {
    if (this.#heritage === undefined) {
      if (!hasItems(this.names.journals)) return [];
      const { Heritage } = await import("./heritage.js");
      this.#heritage ??= new Heritage(this.names);
    }
    return await this.#heritage.find(look);
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

  async #readJournal(owner: string): Promise<{ keys: IDBValidKey[]; records: JournalRecord[] }> {
    const name = this.names.journals + owner;
    const database = await openIfThere(name);
    if (database === undefined) return { keys: [], records: [] };
    const transaction = database.transaction(STORE, "readonly");
    const store = transaction.objectStore(STORE);
    const keys = store.getAllKeys();
    const records = store.getAll();
    transaction.commit();
    await committed(transaction);
    database.close();
    return { keys: keys.result, records: records.result as JournalRecord[] };
  }
}

function hasItems(prefix: string): boolean {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(prefix));
  } catch {
    // Where it may not be touched there are none.
    return false;
  }
}
