// What the tests need of the page and Rust would say at length.

/** One turn of the page's event loop: for waiting until a condition holds. */
export const turn = () => new Promise((resolve) => setTimeout(resolve, 4));

/** A value with everything in it that JSON would lose. */
export function richValue() {
  const value = {
    date: new Date(86_400_000),
    big: 2n ** 70n,
    bytes: new Uint8Array([1, 2, 250]).buffer,
    map: new Map([["a", new Set([1, "b"])]]),
    nothing: undefined,
    negativeZero: -0,
    notANumber: Number.NaN,
  };
  Object.defineProperty(value, "__proto__", {
    value: { polluted: true },
    enumerable: true,
    configurable: true,
  });
  return value;
}

/** Names what of a rich value did not arrive; an empty list if all did. */
export function missingFrom(value) {
  const checks = {
    date: () => value.date instanceof Date && value.date.getTime() === 86_400_000,
    big: () => value.big === 2n ** 70n,
    bytes: () => value.bytes instanceof ArrayBuffer && new Uint8Array(value.bytes).join() === "1,2,250",
    map: () => value.map instanceof Map && value.map.get("a") instanceof Set && value.map.get("a").has("b"),
    nothing: () => Object.hasOwn(value, "nothing") && value.nothing === undefined,
    negativeZero: () => Object.is(value.negativeZero, -0),
    notANumber: () => Number.isNaN(value.notANumber),
    prototype: () => Object.hasOwn(value, "__proto__") && value.polluted === undefined,
  };
  return Object.keys(checks).filter((name) => {
    try {
      return !checks[name]();
    } catch {
      return true;
    }
  });
}

/** Evaluates an expression: hostile values are easiest written down in the language they come from. */
// biome-ignore lint/security/noGlobalEval: the expressions are the tests' own.
export const evaluate = (expression) => globalThis.eval(`(${expression})`);

/** Opens a database as it is, behind the adapter's back. */
function openRaw(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Runs one request on one object store and returns its result. */
async function raw(name, store, mode, ask) {
  const database = await openRaw(name);
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const request = ask(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const putRaw = (name, store, key, value) =>
  raw(name, store, "readwrite", (table) => table.put(value, key));
export const getRaw = (name, store, key) => raw(name, store, "readonly", (table) => table.get(key));
export const keysOf = (name, store) => raw(name, store, "readonly", (table) => table.getAllKeys());

export const deleteDatabase = (name) =>
  new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });

/** Hides a property behind a value until the returned function is called. */
export function cover(target, name, value) {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, get: () => value });
  return () => {
    delete target[name];
    if (before !== undefined) Object.defineProperty(target, name, before);
  };
}

/** Counts the commits asked for while `act` runs. */
export function commitsDuring(act) {
  const original = IDBTransaction.prototype.commit;
  let commits = 0;
  IDBTransaction.prototype.commit = function commit() {
    commits += 1;
    return original.call(this);
  };
  try {
    act();
  } finally {
    IDBTransaction.prototype.commit = original;
  }
  return commits;
}

/** Takes a lock by force and gives it back at once. */
export const stealLock = (name) => navigator.locks.request(name, { steal: true }, () => undefined);

/** Waits until a lock was given back, by taking it; rejects after ten seconds. */
export const untilLockFree = (name) =>
  navigator.locks.request(name, { signal: AbortSignal.timeout(10_000) }, () => undefined);

/** Names of the locks that are held. */
export const heldLocks = async () => (await navigator.locks.query()).held.map((lock) => lock.name);

/** Has the page told that it is going, or back. */
export function tellPage(name) {
  const onDocument = ["freeze", "resume", "visibilitychange"].includes(name);
  const event = name.startsWith("page")
    ? new PageTransitionEvent(name, { persisted: true })
    : new Event(name);
  (onDocument ? document : window).dispatchEvent(event);
}

/** A host of the engine with one operation, `rename`: it sets a name in the document of a query. */
export function makeHost() {
  const host = {
    events: [],
    attempts: [],
    dropped: [],
    found: { living: [], pages: [], journals: [] },
    /** Called from within the optimistic function, if set. */
    within: undefined,
    /** Called with every event, if set. */
    heard: undefined,
    optimistic(operation, draft) {
      host.within?.(operation);
      if (operation.name !== "rename") return null;
      const { query, name } = operation.body.arguments;
      if (name === "") throw new RangeError("a name is not empty");
      const before = draft.get(query);
      if (before === undefined) return [];
      draft.set(query, { ...before, name });
      return [[query, "d1"]];
    },
    attempt(attempt) {
      host.attempts.push(attempt);
    },
    event(event) {
      host.events.push(event);
      host.heard?.(event);
    },
    findOrphans: async () => host.found,
    lookAround: async () => host.found,
    dropJournal(owner) {
      host.dropped.push(owner);
    },
  };
  return host;
}

/** Another document of the same origin, which sees what this one writes into `localStorage`, and the other way round. */
export function otherDocument() {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const heard = [];
  frame.contentWindow.addEventListener("storage", ({ key, newValue }) => heard.push([key, newValue]));
  return {
    heard,
    write: (key, text) => frame.contentWindow.localStorage.setItem(key, text),
    close: () => frame.remove(),
  };
}
