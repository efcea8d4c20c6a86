// The journals of all tabs, looked at past the package.
import { openIfThere } from "../../../pkg/src/database.js";

const PREFIX = "tabweave-journal/";

/** How many journals hold something. */
export async function filledJournals(): Promise<number> {
  const names = (await indexedDB.databases()).map(({ name }) => name ?? "");
  const counts = await Promise.all(names.filter((name) => name.startsWith(PREFIX)).map(countOf));
  return counts.filter((count) => count > 0).length;
}

async function countOf(name: string): Promise<number> {
  const database = await openIfThere(name);
  if (database === undefined) return 0;
  const request = database.transaction("operations").objectStore("operations").count();
  try {
    return await new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

/** What the proof must notice: no write is committed before its task is over. */
export function breakCommits(): void {
  IDBTransaction.prototype.commit = () => {};
}
