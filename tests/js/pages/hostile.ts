// What is no record and no message of ours: made by chance from a seed, and put where a client comes upon it.
import * as fc from "fast-check";

const NAMES = "memory/anonymous";
const STORE = `tabweave/${NAMES}/store`;
const JOURNALS = `tabweave-journal/${NAMES}/`;

type Fields = Readonly<Record<string, unknown>>;

/** Whether a value would do for a field. What is not said to do here must not be taken. */
type Does = (value: unknown) => boolean;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isText: Does = (value) => typeof value === "string";
const isFlag: Does = (value) => typeof value === "boolean";
const isId: Does = (value) => isText(value) && UUID.test(value as string);
const isObject: Does = (value) => typeof value === "object" && value !== null;
const has =
  (field: string): Does =>
  (value) =>
    isObject(value) && field in (value as object);
const isWhole =
  (most: number): Does =>
  (value) =>
    Number.isInteger(value) && 0 <= Number(value) && Number(value) <= most;
const leftOut =
  (does: Does): Does =>
  (value) =>
    value === undefined || does(value);

const isCount = isWhole(2 ** 32 - 1);
const isMoment = isWhole(8.64e15);

const OF_REQUESTS: Readonly<Record<string, Does>> = {
  schema: (value) => value === 1,
  id: isId,
  name: isText,
  body: has("kind"),
  scope: isText,
  repeatable: isFlag,
  confirmedByKey: isFlag,
  terms: leftOut(isObject),
};

const OF_OPERATIONS: Readonly<Record<string, Does>> = {
  ...OF_REQUESTS,
  stamp: has("wallMs"),
  origin: isId,
  attempts: isCount,
  answered: leftOut(isMoment),
  firstAttemptMs: leftOut(isMoment),
  inDoubt: leftOut(isFlag),
  state: isText,
};

const OF_MESSAGES: Readonly<Record<string, Does>> = {
  tabweave: isCount,
  store: isId,
  from: isId,
  incarnation: isCount,
  stamp: has("wallMs"),
  type: isText,
  handlers: has("length"),
  visible: isFlag,
  asks: isFlag,
  app: isText,
};

const key = fc.oneof(
  fc.string(),
  fc.constantFrom("__proto__", "constructor", "length", "schema", "kind", "wallMs", "tabweave"),
);
const odd = fc.constantFrom(
  1e300,
  2 ** 53,
  2 ** 32,
  -1,
  1.5,
  Number.NaN,
  8.64e15 + 2,
  "1",
  "",
  null,
  undefined,
);
/** Whatever structured clone carries. */
const anything = fc.oneof(
  odd,
  fc.anything({
    key,
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
  }),
);

/** The record with one field that is left out or does not do. */
function mutant(valid: Fields, does: Readonly<Record<string, Does>>): fc.Arbitrary<unknown> {
  return fc.constantFrom(...Object.keys(does)).chain((field) => {
    const wrong = anything.filter((value) => !does[field]?.(value));
    return wrong.map((value) => ({ ...valid, [field]: value }));
  });
}

/** The record as the prototype that a field of this name does not make it. */
const inherited = (valid: Fields): fc.Arbitrary<unknown> =>
  fc.constant(Object.defineProperty({}, "__proto__", { value: valid, enumerable: true }));

function hostile(valid: Fields, does: Readonly<Record<string, Does>>): fc.Arbitrary<unknown> {
  const stranger = anything.filter((value) => !has("schema")(value) && !has("tabweave")(value));
  return fc.oneof({ arbitrary: mutant(valid, does), weight: 4 }, stranger, inherited(valid));
}

function asked<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function opened(name: string, upgrade?: (database: IDBDatabase) => void): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => upgrade?.(request.result);
  return asked(request);
}

async function putAll(
  database: IDBDatabase,
  table: string,
  records: Iterable<readonly [IDBValidKey | undefined, unknown]>,
): Promise<void> {
  const transaction = database.transaction(table, "readwrite");
  for (const [at, record] of records) transaction.objectStore(table).put(record, at);
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}

/** The operation that a client has stored. */
async function storedOperation(database: IDBDatabase): Promise<Fields> {
  const [record] = await asked(database.transaction("operations").objectStore("operations").getAll());
  return record as Fields;
}

const id = (at: number) => `${String(at).padStart(8, "0")}-0000-4000-8000-000000000000`;

function journal(owner: string, records: readonly unknown[]): Promise<void> {
  const make = (database: IDBDatabase) =>
    void database.createObjectStore("operations", { autoIncrement: true });
  return opened(JOURNALS + owner, make).then(async (database) => {
    await putAll(
      database,
      "operations",
      records.map((record) => [undefined, record]),
    );
    database.close();
  });
}

const strangers = {
  /**
   * Puts what cannot be read beside what a client has stored: operations, entries, results, and journals of tabs that
   * live no more. One more journal holds an operation with this argument.
   */
  async plant(seed: number, count: number, journalled: string): Promise<void> {
    const database = await opened(STORE);
    const valid = await storedOperation(database);
    const some = (does: Readonly<Record<string, Does>>, at: number, length = count) =>
      fc.sample(hostile(valid, does), { seed: seed + at, numRuns: length });
    await putAll(
      database,
      "operations",
      some(OF_OPERATIONS, 1).map((record, at) => [id(at), record]),
    );
    const keyed = some(OF_REQUESTS, 2).map((record, at): [IDBValidKey, unknown] => [
      ["drafts", `k${at}`, at, 0, id(at)],
      record,
    ]);
    await putAll(database, "topics", keyed);
    const tokens = await asked(database.transaction("queries").objectStore("queries").getAllKeys());
    await putAll(
      database,
      "queries",
      tokens.map((token) => [token, { schema: 1, value: 1, atMs: -1, contains: [] }]),
    );
    database.close();
    const request = (at: number, args: unknown) => ({
      ...Object.fromEntries(Object.keys(OF_REQUESTS).map((field) => [field, valid[field]])),
      id: id(900_000 + at),
      body: { kind: "intent", arguments: args },
    });
    for (const [at, record] of some(OF_REQUESTS, 3, 5).entries()) {
      await journal(id(800_000 + at), [request(at + 1, "beside one that cannot be read"), record]);
    }
    await journal(id(899_999), [request(0, journalled)]);
  },

  /** All that was planted, as text. */
  async planted(): Promise<string[]> {
    const database = await opened(STORE);
    const texts: string[] = [];
    const note = async (of: IDBDatabase, table: string, isPlanted: (key: IDBValidKey) => boolean) => {
      const store = of.transaction(table).objectStore(table);
      const [keys, records] = await Promise.all([asked(store.getAllKeys()), asked(store.getAll())]);
      for (const [at, one] of keys.entries()) {
        if (isPlanted(one)) texts.push(`${of.name} ${fc.stringify(one)}: ${fc.stringify(records[at])}`);
      }
    };
    await note(database, "operations", (at) => /^0000/.test(String(at)));
    await note(database, "topics", (at) => /^0000/.test((at as string[])[4] ?? ""));
    database.close();
    for (const { name = "" } of await indexedDB.databases()) {
      if (!name.startsWith(`${JOURNALS}0080`)) continue;
      const found = await opened(name);
      await note(found, "operations", () => true);
      found.close();
    }
    return texts.sort();
  },

  /** Says what is no message of ours, and at last that a tab with an app of this name is there. */
  async speak(seed: number, count: number, app: string): Promise<void> {
    const database = await opened(STORE);
    const store = (await asked(database.transaction("meta").objectStore("meta").get("store"))) as string;
    database.close();
    const stamp = { wallMs: Date.now(), counter: 0, tab: id(1) };
    const head = { tabweave: 1, store, from: id(1), incarnation: 0, stamp };
    const hello = { ...head, type: "hello", handlers: [], visible: true, asks: false, app: "hostile" };
    const channel = new BroadcastChannel(`tabweave/${NAMES}`);
    for (const message of fc.sample(hostile(hello, OF_MESSAGES), { seed, numRuns: count })) {
      channel.postMessage(message);
    }
    channel.postMessage({ ...hello, app });
    channel.close();
  },
};

declare global {
  interface Window {
    readonly strangers: typeof strangers;
  }
}

Object.assign(window, { strangers });
await import("./stage.js");
