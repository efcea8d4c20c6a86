import { checkName } from "./client/check.js";
import { Placeholders } from "./client/placeholders.js";
import type { Collection } from "./definition/collection.js";
import { type CollectionParts, PARTS } from "./definition/parts.js";
import type { Touch } from "./engine/binding.js";
import { placeholderOf } from "./placeholder.js";
import { queryToken } from "./token.js";
import type { Inserted, QueryDraft, QueryReference, Transaction } from "./transaction.js";

/** A query that this tab has loaded. */
export interface LoadedQuery {
  readonly token: string;
  readonly collection: string;
  readonly args: unknown;
}

// Bundlers put a constant in place of the whole expression, so it must be written out.
declare const process: { readonly env: { readonly NODE_ENV?: string } };

// Convex keeps the path of a function under this symbol; references have no other public form.
const FUNCTION_NAME = Symbol.for("functionName");

/**
 * A transaction over a draft. Its changes lie over the draft until they are committed, so that an optimistic
 * function that throws halfway leaves nothing behind. Documents that it does not change keep their identity.
 */
export class Overlay implements Transaction {
  readonly #changed = new Map<string, unknown>();
  readonly #touched = new Map<string, Touch>();
  /** How many documents were inserted that lacked their keys. */
  placeholders = 0;

  constructor(
    private readonly draft: Map<string, unknown>,
    private readonly loaded: readonly LoadedQuery[],
    readonly id: string,
    readonly now: number,
    private readonly names: Pick<Placeholders, "keyOf"> = new Placeholders(),
  ) {}

  get<Document extends object, Args>(
    collection: Collection<Document, Args>,
    key: string,
  ): Document | undefined {
    for (const { documents } of this.#lists(collection.name)) {
      const found = documents[this.#at(collection[PARTS], documents, key)];
      if (found !== undefined) return found as Document;
    }
    return undefined;
  }

  insert<Document extends object, Args, Key extends string>(
    collection: Collection<Document, Args, Key>,
    given: Inserted<Document, Key>,
  ): string {
    const parts = collection[PARTS];
    const document = this.#withKey(parts, given);
    const key = parts.keyOf(document);
    for (const { query, documents } of this.#lists(parts.name)) {
      const isThere = this.#at(parts, documents, key) >= 0;
      if (isThere || !parts.matches(document, query.args)) continue;
      this.#put(query, inOrder(parts, [...documents, document]), key);
    }
    return key;
  }

  update<Document extends object, Args>(
    collection: Collection<Document, Args>,
    key: string,
    change: Partial<Document> | ((document: Document) => Document),
  ): void {
    const before = this.get(collection, key);
    if (before === undefined) return;
    if (typeof change === "function") freezePlain(before);
    const after =
      typeof change === "function"
        ? change(before)
        : hasAll(before, change)
          ? before
          : { ...before, ...change };
    const parts = collection[PARTS];
    for (const { query, documents } of this.#lists(parts.name)) {
      const at = this.#at(parts, documents, key);
      const next = moved(parts, query.args, documents, at, before, after);
      if (next !== undefined) this.#put(query, next, parts.keyOf(after));
    }
  }

  remove<Document extends object, Args>(collection: Collection<Document, Args>, key: string): void {
    const parts = collection[PARTS];
    for (const { query, documents } of this.#lists(parts.name)) {
      const removed = documents[this.#at(parts, documents, key)];
      if (removed === undefined) continue;
      const kept = documents.filter((document) => document !== removed);
      this.#put(query, kept, parts.keyOf(removed));
    }
  }

  query<Document extends object, Args>(
    collection: Collection<Document, Args>,
    args: Args,
  ): QueryDraft<Document[]>;
  query<Args, Value>(reference: QueryReference<Args, Value>, args: Args): QueryDraft<Value>;
  query(target: object, args: unknown): QueryDraft<unknown> {
    const parts = (target as { readonly [PARTS]?: CollectionParts })[PARTS];
    const token = queryToken(parts?.name ?? referenceName(target), args);
    return {
      value: this.#value(token),
      patch: (change) => {
        const before = this.#value(token);
        if (before === undefined) return;
        const after = change(before);
        this.#changed.set(token, after);
        for (const key of changedKeys(parts, before, after)) this.#touch(token, key);
      },
    };
  }

  /** Writes the changes into the draft; tells which documents they touched. */
  commit(): Touch[] {
    for (const [token, value] of this.#changed) this.draft.set(token, value);
    return [...this.#touched.values()];
  }

  #withKey({ keyField }: CollectionParts, document: object): object {
    if (keyField === undefined || (document as Record<string, unknown>)[keyField] !== undefined) {
      return document;
    }
    const key = placeholderOf(this.id, this.placeholders);
    this.placeholders += 1;
    return { ...document, [keyField]: key };
  }

  /** Where in a list the document is, under whichever of its names; -1: nowhere. */
  #at({ keyOf }: CollectionParts, documents: readonly object[], key: string): number {
    const name = this.names.keyOf(key);
    return documents.findIndex((document) => this.names.keyOf(keyOf(document)) === name);
  }

  *#lists(collection: string): Generator<{ query: LoadedQuery; documents: object[] }> {
    for (const query of this.loaded) {
      if (query.collection !== collection) continue;
      const documents = this.#value(query.token);
      if (Array.isArray(documents)) yield { query, documents };
    }
  }

  #value(token: string): unknown {
    return this.#changed.has(token) ? this.#changed.get(token) : this.draft.get(token);
  }

  #put(query: LoadedQuery, documents: object[], key: string): void {
    this.#changed.set(query.token, documents);
    this.#touch(query.token, key);
  }

  #touch(token: string, key: string): void {
    this.#touched.set(JSON.stringify([token, key]), [token, key]);
  }
}

/** The list with the document as it is after the change: replaced, taken out, or come in. */
function moved(
  parts: CollectionParts,
  args: unknown,
  documents: object[],
  at: number,
  before: object,
  after: object,
): object[] | undefined {
  const belonged = parts.matches(before, args);
  const belongs = parts.matches(after, args);
  if (at < 0) return belongs && !belonged ? inOrder(parts, [...documents, after]) : undefined;
  // What the arguments do not explain is left where the server put it.
  if (belonged && !belongs) return documents.filter((_, index) => index !== at);
  return inOrder(
    parts,
    documents.map((document, index) => (index === at ? after : document)),
  );
}

function inOrder({ sort }: CollectionParts, documents: object[]): object[] {
  return sort === undefined ? documents : documents.sort(sort);
}

function hasAll<Document extends object>(document: Document, fields: Partial<Document>): boolean {
  return Object.entries(fields).every(
    ([name, value]) =>
      Object.hasOwn(document, name) && Object.is((document as Record<string, unknown>)[name], value),
  );
}

/** The documents a patch touched; without a collection to ask, the result as a whole. */
function changedKeys(parts: CollectionParts | undefined, before: unknown, after: unknown): Set<string> {
  if (parts === undefined || !Array.isArray(before) || !Array.isArray(after)) return new Set([""]);
  const old = new Set<unknown>(before);
  const kept = new Set<unknown>(after);
  const changed = [...after.filter((it) => !old.has(it)), ...before.filter((it) => !kept.has(it))];
  return new Set(changed.map((document) => parts.keyOf(document)));
}

function referenceName(reference: object): string {
  const name = (reference as { readonly [FUNCTION_NAME]?: unknown })[FUNCTION_NAME];
  checkName(name);
  return name;
}

/** In development a function that changes what it was given finds out at once. */
export let freezePlain: (value: unknown) => void = () => {};
try {
  if (process.env.NODE_ENV !== "production") freezePlain = freeze;
} catch {
  // No bundler says what build this is.
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
