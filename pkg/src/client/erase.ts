import { committed, openIfThere } from "../database.js";
import { TabweaveError } from "../errors/error.js";
import { itemsOf } from "../local/items.js";
import { check } from "./check.js";
import { tellErased } from "./erased.js";
import { lastIdentity, rememberIdentity } from "./identity.js";
import { Names } from "./names.js";
import { checkIdentity } from "./options.js";
import type { OperationState, UndeliveredOperation } from "./snapshots.js";

// Loaded when somebody erases, and independent of the engine: it may be what cannot be loaded.

export interface EraseOptions {
  readonly discardUndelivered?: boolean;
}

/** How long other tabs are given to leave the identity, and how often they are looked at. */
const LEAVE_MS_MAX = 2_000;
const LOOK_EVERY_MS = 20;

/** Stores that say which store it is and who may write into it: they hold nothing of a person. */
const KEPT: ReadonlySet<string> = new Set(["meta", "lease"]);
const DELIVERED: ReadonlySet<unknown> = new Set(["done", "cancelled"]);

/** Deletes what is stored of an identity; `leave` has this page give it up first. */
export async function erase(
  namespace: string,
  identity: string | null,
  options: EraseOptions | undefined,
  leave: () => Promise<void>,
): Promise<readonly UndeliveredOperation[]> {
  checkIdentity(namespace, identity);
  check(identity !== undefined, "identity");
  check(options === undefined || typeof options === "object", "options");
  const names = new Names(namespace, identity);
  const look = async () => {
    const found = await undeliveredOf(names);
    if (found.length > 0 && options?.discardUndelivered !== true) throw refusal(found);
    return found;
  };
  try {
    await look();
    await leave();
    tellErased(names);
    await othersLeft(names);
    // Somebody may have done something meanwhile.
    const undelivered = await look();
    await deleteAll(names);
    forgetTexts(names);
    if (lastIdentity(namespace) === identity) rememberIdentity(namespace, undefined);
    return undelivered;
  } catch (cause) {
    throw cause instanceof TabweaveError ? cause : new TabweaveError("storage_failed", { cause });
  }
}

function refusal(undelivered: readonly UndeliveredOperation[]): TabweaveError {
  const detail = `${undelivered.length} operations of this identity were never delivered.`;
  return Object.assign(new TabweaveError("undelivered_operations", { detail }), { undelivered });
}

/** Operations in the store, and in the journals of all tabs, that did not come to a good end. */
async function undeliveredOf(names: Names): Promise<UndeliveredOperation[]> {
  const found = new Map<string, UndeliveredOperation>();
  for (const { key, record } of itemsOf(names.journals)) {
    const operation = operationFrom(key, record);
    found.set(operation.id, operation);
  }
  for (const name of (await databasesOf(names)).reverse()) {
    for (const [key, record] of await readOperations(name)) {
      // The store comes last: it knows more of an operation than the journal it came from.
      const operation = operationFrom(key, record);
      if (DELIVERED.has(operation.state)) found.delete(operation.id);
      else found.set(operation.id, operation);
    }
  }
  return [...found.values()].sort((a, b) => a.acceptedAt - b.acceptedAt);
}

/** Reads any record, one of another version too: it counts as undelivered unless it says otherwise. */
function operationFrom(key: IDBValidKey, record: unknown): UndeliveredOperation {
  const fields = fieldsOf(record);
  const body = fieldsOf(fields.body);
  const stamp = fieldsOf(fields.stamp);
  const state = text(fields.state, "queued");
  return {
    id: text(fields.id, String(key)),
    name: text(fields.name, ""),
    state: (state === "claimed" ? "running" : state) as OperationState,
    attempts: number(fields.attempts),
    acceptedAt: number(fields.acceptedMs ?? stamp.wallMs),
    args: body.arguments,
    document:
      body.kind === "edit"
        ? { collection: text(body.collection, ""), id: text(body.document, "") }
        : undefined,
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** Every database whose name begins so is a store, of this or another layout. */
function storesOf({ shared }: Names): string {
  return `tabweave/${shared}/`;
}

/** The stores and then the journals of an identity, as far as they exist. */
async function databasesOf(names: Names): Promise<string[]> {
  if (typeof indexedDB === "undefined") return [];
  // Missing in browsers before 2024; then the journals of other tabs stay for them to clear away.
  const databases = (await indexedDB.databases?.()) ?? [{ name: `${storesOf(names)}store` }];
  const all = databases.map(({ name = "" }) => name);
  return [storesOf(names), names.journals].flatMap((prefix) => all.filter((name) => name.startsWith(prefix)));
}

async function readOperations(name: string): Promise<Array<readonly [IDBValidKey, unknown]>> {
  const database = await openIfThere(name);
  if (!database?.objectStoreNames.contains("operations")) {
    database?.close();
    return [];
  }
  const store = database.transaction("operations").objectStore("operations");
  const keys = store.getAllKeys();
  const records = store.getAll();
  await committed(store.transaction);
  database.close();
  return keys.result.map((key, at) => [key, records.result[at]] as const);
}

/** Waits until no other tab takes part; one that sleeps is not waited for. */
async function othersLeft(names: Names): Promise<void> {
  if (navigator.locks === undefined) return;
  const until = Date.now() + LEAVE_MS_MAX;
  while ((await isHeld(names.locks("life"))) && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Whether some tab holds a lock whose name begins so; false where the browser cannot tell. */
async function isHeld(prefix: string): Promise<boolean> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some(({ name }) => name?.startsWith(prefix));
}

/**
 * Empties all databases, and deletes them unless a page that sleeps holds them open: it would make the
 * deletion, and everybody who opens them afterwards, wait.
 */
async function deleteAll(names: Names): Promise<void> {
  const databases = await databasesOf(names);
  for (const name of databases) await empty(name);
  if (await isHeld(names.locks("page"))) return;
  await Promise.all(databases.map(deleteDatabase));
}

/** What passed through localStorage where there is no channel, and journals where there was no database. */
function forgetTexts(names: Names): void {
  try {
    for (const key of Object.keys(localStorage)) {
      const isOurs = [storesOf(names), names.journals].some((prefix) => key.startsWith(prefix));
      if (isOurs) localStorage.removeItem(key);
    }
  } catch {
    // Where localStorage may not be touched, nothing passed through it.
  }
}

async function empty(name: string): Promise<void> {
  const database = await openIfThere(name);
  if (database === undefined) return;
  const tables = [...database.objectStoreNames].filter((table) => !KEPT.has(table));
  if (tables.length > 0) {
    const transaction = database.transaction(tables, "readwrite", { durability: "strict" });
    for (const table of tables) transaction.objectStore(table).clear();
    // A new revision: who wakes up later finds that it missed something, and reads that there is nothing.
    if (tables.includes("revisions")) transaction.objectStore("revisions").add(0);
    transaction.commit();
    await committed(transaction);
  }
  database.close();
}

/** Resolves too when somebody holds it open: the browser deletes it when they let go. */
function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onblocked = () => resolve();
    request.onerror = () => reject(request.error);
  });
}
