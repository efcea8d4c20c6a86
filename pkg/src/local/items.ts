// Journals as items of localStorage: `<journal>/<number>`, each holding one record.
import { decode } from "./tagged.js";

/** An item whose name begins with that of journals. */
export interface Item {
  readonly key: string;
  /** The tab whose journal it is of. */
  readonly owner: string;
  readonly number: number;
  /** Undefined if it cannot be read. */
  readonly record: unknown;
}

/** The items of all journals whose name begins so, each journal's in order; none where there is no localStorage. */
export function itemsOf(journals: string): Item[] {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(journals));
    const items = keys.flatMap((key) => itemOf(key, key.slice(journals.length)));
    return items.sort((a, b) => a.number - b.number);
  } catch {
    return [];
  }
}

/** Removes these; nothing else is done where there is no localStorage. */
export function removeItems(items: ReadonlyArray<Pick<Item, "key">>): void {
  try {
    for (const { key } of items) localStorage.removeItem(key);
  } catch {
    // Then there is nothing to remove.
  }
}

function itemOf(key: string, place: string): Item[] {
  const [, owner, number] = /^([^/]+)\/(\d+)$/.exec(place) ?? [];
  if (owner === undefined) return [];
  const text = localStorage.getItem(key);
  // Another tab may have removed it meanwhile.
  if (text === null) return [];
  return [{ key, owner, number: Number(number), record: decode(text)?.value }];
}
