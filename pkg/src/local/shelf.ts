// Loaded where a tab cannot have a database for its journal.
import { TabweaveError } from "../errors/error.js";
import type { Shelf } from "../shelf.js";
import { encode } from "./tagged.js";

/** How often, and how long after, an opening is tried again that the browser broke off. */
const OPENINGS_MAX = 5;
const OPEN_AGAIN_MS = 100;

/**
 * What a journal is written into when its database could not be opened: `open` opens that, `cause` is why it failed,
 * and `tell` hears of it if localStorage has to do.
 *
 * @throws TabweaveError `storage_memory` if there is no localStorage either
 */
export async function openOtherShelf(
  name: string,
  open: () => Promise<Shelf>,
  cause: unknown,
  tell: (error: TabweaveError) => void,
): Promise<Shelf> {
  let reason = cause;
  // A browser that is deleting the site's data breaks off what opens meanwhile.
  for (let opening = 1; isBrokenOff(reason) && opening < OPENINGS_MAX; opening += 1) {
    await new Promise((resolve) => setTimeout(resolve, OPEN_AGAIN_MS));
    try {
      return await open();
    } catch (error) {
      reason = error;
    }
  }
  return openLocalShelf(name, reason, tell);
}

function isBrokenOff(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "AbortError";
}

/** A journal in localStorage, one item a record. */
function openLocalShelf(name: string, cause: unknown, tell: (error: TabweaveError) => void): Shelf {
  const items = storage(cause);
  const keys = () => Object.keys(items).filter((key) => key.startsWith(`${name}/`));
  let last = 0;
  tell(new TabweaveError("storage_local", { cause }));
  return {
    durability: "localstorage",
    put(record, released) {
      for (const key of released) items.removeItem(String(key));
      last += 1;
      const key = `${name}/${last}`;
      write(items, key, encode(record));
      return Promise.resolve(key);
    },
    delete: async (released) => {
      for (const key of released) items.removeItem(String(key));
    },
    clear: async () => {
      for (const key of keys()) items.removeItem(key);
    },
    close() {},
  };
}

function storage(cause: unknown): Storage {
  try {
    // Looking at it throws where it is forbidden, and it may be missing.
    const found = localStorage;
    found.getItem("");
    return found;
  } catch {
    throw new TabweaveError("storage_memory", { cause });
  }
}

function write(items: Storage, key: string, text: string): void {
  try {
    items.setItem(key, text);
  } catch (cause) {
    throw new TabweaveError("storage_quota", { cause });
  }
}
