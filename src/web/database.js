// Opening an IndexedDB database.

import { issueAll } from "./transaction.js";

/** How often, and how long after, an opening is tried again that the browser broke off. */
const OPENINGS_MAX = 5;
const OPEN_AGAIN_MS = 100;

/** The version of every database, for ever: a frozen tab would block an upgrade for good. */
const VERSION = 1;

/**
 * Opens a database; a new one gets these tables (each the arguments of `createObjectStore`) and requests. `opened` is
 * called later: with the database, or with nothing and what the browser threw.
 */
export async function openDatabase(name, tables, requests, opened) {
  for (let openings = 1; ; openings += 1) {
    let database;
    let failure;
    try {
      database = await open(name, tables, requests);
    } catch (error) {
      failure = error;
    }
    // A browser that is deleting the site's data breaks off what opens meanwhile.
    if (failure?.name !== "AbortError" || openings >= OPENINGS_MAX) return opened(database, failure);
    await new Promise((resolve) => setTimeout(resolve, OPEN_AGAIN_MS));
  }
}

function open(name, tables, requests) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, VERSION);
    request.onupgradeneeded = () => {
      try {
        for (const table of tables) request.result.createObjectStore(...table);
        issueAll(request.transaction, requests);
      } catch {
        // The creation is undone, so that the next page finds no half-made database; the opening fails.
        request.transaction.abort();
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
