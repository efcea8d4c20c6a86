// Stops this page in the middle of a transaction on the shared store, in the very task that issues it.

/** What a batch is for, as its writes tell. */
export type BatchKind = "take" | "claim" | "transition" | "queries" | "publish";

/** Where in its task the page stops: right before it asks for the commit, or right after. */
export type Point = "before commit" | "after commit";

const writes = new WeakMap<IDBTransaction, Set<string>>();

for (const name of ["add", "put", "delete"] as const) {
  const real = IDBObjectStore.prototype[name] as (...args: unknown[]) => IDBRequest;
  const noting = function (this: IDBObjectStore, ...args: unknown[]) {
    const known = writes.get(this.transaction) ?? new Set();
    writes.set(this.transaction, known.add(`${name} ${this.name}`));
    return real.apply(this, args);
  };
  Object.assign(IDBObjectStore.prototype, { [name]: noting });
}

function kindOf(transaction: IDBTransaction): BatchKind | undefined {
  const made = writes.get(transaction);
  if (made === undefined || !transaction.db.name.startsWith("tabweave/")) return undefined;
  if (made.has("add operations")) return "take";
  if (made.has("delete lease")) return made.has("put operations") ? "transition" : undefined;
  if (made.has("add lease")) return "claim";
  if (made.has("put topics")) return "publish";
  return made.has("put queries") ? "queries" : undefined;
}

/** In the next batch of this kind the page knocks at the server and does nothing else until it is let through. */
export function waitIn(kind: BatchKind, point: Point): void {
  const real = IDBTransaction.prototype.commit;
  IDBTransaction.prototype.commit = function () {
    if (kindOf(this) !== kind) return real.call(this);
    IDBTransaction.prototype.commit = real;
    if (point === "before commit") knock(kind);
    real.call(this);
    if (point === "after commit") knock(kind);
  };
}

function knock(kind: BatchKind): void {
  const request = new XMLHttpRequest();
  request.open("GET", `/gate/${kind}`, false);
  request.send();
}
