// A tab that holds the store that all tabs share, as one does that is stopped in the middle of a transaction.
import type { Page } from "@playwright/test";

declare global {
  interface Window {
    letGoOfStore?: () => void;
  }
}

/** From now on nobody else's write to the shared store is done, until this page lets go of it. */
export async function holdSharedStore(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { name } = (await indexedDB.databases()).find((found) => found.name?.startsWith("tabweave/"))!;
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name!);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    let held = true;
    window.letGoOfStore = () => {
      held = false;
    };
    await new Promise<void>((holding) => {
      const store = database
        .transaction([...database.objectStoreNames], "readwrite")
        .objectStore("operations");
      // A transaction lives as long as it is asked for something.
      const ask = () => {
        store.count().onsuccess = () => {
          holding();
          if (held) ask();
          else database.close();
        };
      };
      ask();
    });
  });
}

export async function letGoOfSharedStore(page: Page): Promise<void> {
  await page.evaluate(() => window.letGoOfStore!());
}
