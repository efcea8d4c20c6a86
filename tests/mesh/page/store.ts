// The store that the tabs share, looked at past the package.

/** Its name, looked for and not spelled: a database of another name would be made, and be nobody's. */
export async function storeName(): Promise<string> {
  const names = (await indexedDB.databases()).map(({ name }) => name ?? "");
  const [store, ...others] = names.filter((name) => /^tabweave\/.*\/store$/.test(name));
  if (store === undefined || others.length > 0) throw new Error(`one store is expected among ${names}`);
  return store;
}

/** A database's connection, ready to write at once. */
export async function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => request.result.createObjectStore("any");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Writes into every table of a database, and returns how many milliseconds that took. */
export async function write(database: IDBDatabase): Promise<number> {
  const from = performance.now();
  const names = [...database.objectStoreNames];
  const transaction = database.transaction(names, "readwrite");
  for (const name of names) transaction.objectStore(name).delete("nothing of this key");
  transaction.commit();
  await ended(transaction);
  return performance.now() - from;
}

/** The version of the store's database, and its records, each as text under its table and key. */
export async function read(): Promise<{ version: number; records: Record<string, string> }> {
  const database = await open(await storeName());
  const tables = ["operations", "queries", "topics"];
  const transaction = database.transaction(tables);
  const found = tables.map((table) => {
    const store = transaction.objectStore(table);
    return { table, keys: store.getAllKeys(), values: store.getAll() };
  });
  await ended(transaction);
  const records = found.flatMap(({ table, keys, values }) =>
    keys.result.map((key, at) => [`${table} ${JSON.stringify(key)}`, JSON.stringify(values.result[at])]),
  );
  const { version } = database;
  database.close();
  return { version, records: Object.fromEntries(records) };
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
