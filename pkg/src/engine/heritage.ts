import type { Names } from "../client/names.js";
import { Deferred } from "../deferred.js";
import { type Item, itemsOf, removeItems } from "../local/items.js";
import type { JournalRecord, Orphans, TabPresence } from "./binding.js";

type Found = Orphans["journals"][number];

/**
 * The journals in localStorage of tabs that are gone. Their operations stay where they are until each has come to
 * its end: whoever takes them over may have no store to put them in, and may be gone before that as well.
 */
export class Heritage {
  /** What gives up the locks on the journals that this tab has taken over. */
  readonly #taken = new Map<string, () => void>();
  /** The items of operations that were handed over. */
  readonly #items = new Map<string, Item>();

  constructor(private readonly names: Names) {}

  /** The journals of tabs whose pages are gone, as far as no other tab has taken them over. */
  async find(look: () => Promise<TabPresence>): Promise<Found[]> {
    const found: Found[] = [];
    // Listed before it is looked who lives, as for journals in databases.
    const owners = new Set(itemsOf(this.names.journals).map((item) => item.owner));
    const { living, pages } = await look();
    for (const owner of owners) {
      // Without a common store a page that sleeps could not be told what became of its operations: it keeps them.
      if (living.includes(owner) || pages.includes(owner) || !(await this.#take(owner))) continue;
      // Read only now: whoever had it before may have seen some of them through.
      const items = itemsOf(this.names.journals).filter((item) => item.owner === owner);
      for (const item of items) {
        const id = idOf(item.record);
        if (id !== undefined) this.#items.set(id, item);
      }
      // The engine checks what they are, for they may be anybody's.
      if (items.length > 0)
        found.push({ owner, records: items.map(({ record }) => record as JournalRecord) });
    }
    return found;
  }

  /** The operation is kept elsewhere, or has come to its end. */
  release(id: string): void {
    const item = this.#items.get(id);
    this.#items.delete(id);
    if (item !== undefined) removeItems([item]);
  }

  /** Leaves what is left to other tabs. */
  close(): void {
    for (const giveUp of this.#taken.values()) giveUp();
    this.#taken.clear();
  }

  /**
   * Takes a journal over for as long as this tab exists; false if another one has it. Where there are no locks it
   * stays: two tabs could not know of each other.
   */
  async #take(owner: string): Promise<boolean> {
    if (this.#taken.has(owner)) return true;
    if (navigator.locks === undefined) return false;
    const givenUp = new Deferred<void>();
    const isMine = new Deferred<boolean>();
    const name = `tabweave/${this.names.shared}/heir/${owner}`;
    const hold = (lock: Lock | null) => {
      isMine.resolve(lock !== null);
      return lock === null ? undefined : givenUp.promise;
    };
    navigator.locks.request(name, { ifAvailable: true }, hold).catch(() => isMine.resolve(false));
    const isTaken = await isMine.promise;
    if (isTaken) this.#taken.set(owner, givenUp.resolve);
    return isTaken;
  }
}

function idOf(record: unknown): string | undefined {
  const { id } = (record ?? {}) as { readonly id?: unknown };
  return typeof id === "string" ? id : undefined;
}
