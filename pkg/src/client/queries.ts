import { type AnyCollection, type CollectionParts, PARTS } from "../definition/parts.js";
import type { EngineView } from "../engine/binding.js";
import { TabweaveError } from "../errors/error.js";
import type { LoadedQuery } from "../overlay.js";
import type { Source, SourceBatch } from "../source.js";
import { queryToken } from "../token.js";
import { Listeners } from "./listeners.js";
import type { Rooms } from "./rooms.js";
import type { QuerySnapshot } from "./snapshots.js";

/** How long a query that nobody looks at any more is kept up to date: people come back. */
const UNWATCH_AFTER_MS = 1_000;

const NOTHING_PENDING: ReadonlyMap<string, readonly string[]> = new Map();

/** What a query shows before there is anything to show. */
export const PENDING: QuerySnapshot<never> = Object.freeze({
  status: "pending",
  data: undefined,
  error: undefined,
  stale: false,
  pending: NOTHING_PENDING,
});

/** A query that somebody looks at, or did a moment ago. */
export interface Query extends LoadedQuery {
  readonly parts: CollectionParts;
  readonly listeners: Listeners;
  snapshot: QuerySnapshot<unknown>;
  isStale: boolean;
  error: TabweaveError | undefined;
  /** The last result of the server in this page, and when it came, in milliseconds since 1970. */
  base: { readonly value: unknown; readonly atMs: number } | undefined;
  stopSource: () => void;
  unwatching: ReturnType<typeof setTimeout> | undefined;
}

/** The queries that the page looks at: their subscriptions and their snapshots. */
export class Queries {
  readonly #queries = new Map<string, Query>();
  /** Lets what is the same as before keep its identity; it comes with the engine. */
  share: (old: unknown, value: unknown) => unknown = (_, value) => value;
  /** Hears what operations returned before that is shown; it comes with the engine. */
  recorded: (results: NonNullable<SourceBatch["results"]>) => void = () => {};
  #loaded: readonly Query[] | undefined;
  #source: Source | undefined;

  constructor(private readonly rooms: Rooms) {}

  /** The queries an optimistic function may change. */
  get loaded(): readonly Query[] {
    this.#loaded ??= [...this.#queries.values()];
    return this.#loaded;
  }

  snapshot(collection: AnyCollection, args: unknown): QuerySnapshot<unknown> {
    const query = this.#queries.get(queryToken(collection.name, args));
    if (query === undefined) return PENDING;
    if (query.isStale) {
      query.isStale = false;
      query.snapshot = this.#read(query);
    }
    return query.snapshot;
  }

  subscribe(collection: AnyCollection, args: unknown, listener: () => void): () => void {
    const query = this.#watched(collection, args);
    clearTimeout(query.unwatching);
    const remove = query.listeners.add(listener);
    return () => {
      remove();
      if (query.listeners.size > 0) return;
      clearTimeout(query.unwatching);
      query.unwatching = setTimeout(() => this.#unwatch(query), UNWATCH_AFTER_MS);
    };
  }

  /** The document of this key as it is shown, in the query with these arguments or in any. */
  find(collection: CollectionParts, key: string, args: unknown): object | undefined {
    const token = args === undefined ? undefined : queryToken(collection.name, args);
    for (const query of this.#queries.values()) {
      if (query.collection !== collection.name || (token !== undefined && query.token !== token)) continue;
      const documents = this.rooms.use((core) => core.view(query.token))?.value;
      if (!Array.isArray(documents)) continue;
      const { keyOf } = this.rooms.placeholders;
      const found = documents.find((document) => keyOf(collection.keyOf(document)) === keyOf(key));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  deliver({ queries, errors, seen, results = [] }: SourceBatch): void {
    const updates: Array<[query: string, value: unknown]> = [];
    const changed: string[] = [];
    for (const [token, fresh] of queries) {
      const query = this.#queries.get(token);
      if (query === undefined) continue;
      const value = this.share(query.base?.value, fresh);
      if (query.error !== undefined) changed.push(token);
      query.error = undefined;
      if (query.base !== undefined && Object.is(query.base.value, value)) continue;
      query.base = { value, atMs: Date.now() };
      updates.push([token, value]);
    }
    for (const [token, cause] of errors) {
      const query = this.#queries.get(token);
      if (query === undefined) continue;
      query.error = new TabweaveError("query_failed", { cause });
      changed.push(token);
    }
    this.recorded(results);
    if (updates.length + seen.length > 0) this.rooms.use((core) => core.handleBase(updates, [...seen]));
    this.changed(changed);
  }

  /** These show something else now. */
  changed(tokens: Iterable<string>): void {
    const queries = [...tokens].flatMap((token) => this.#queries.get(token) ?? []);
    for (const query of queries) query.isStale = true;
    for (const query of queries) query.listeners.tell();
  }

  /** Something that all of them show may have changed. */
  allChanged(): void {
    this.changed([...this.#queries.keys()]);
  }

  /** Takes results from another source from now on. */
  follow(source: Source | undefined): void {
    this.#source = source;
    for (const query of this.#queries.values()) this.#ask(query);
  }

  /** Nothing that was shown is shown any more, as nobody may see what another person saw. */
  forget(): void {
    for (const query of this.#queries.values()) {
      query.stopSource();
      query.stopSource = () => {};
      query.base = undefined;
      query.error = undefined;
      query.isStale = true;
    }
  }

  close(): void {
    for (const query of this.#queries.values()) {
      clearTimeout(query.unwatching);
      query.stopSource();
    }
  }

  #watched(collection: AnyCollection, args: unknown): Query {
    const token = queryToken(collection.name, args);
    const known = this.#queries.get(token);
    if (known !== undefined) return known;
    const query: Query = {
      token,
      collection: collection.name,
      args,
      parts: collection[PARTS],
      listeners: new Listeners(),
      snapshot: PENDING,
      isStale: true,
      error: undefined,
      base: undefined,
      stopSource: () => {},
      unwatching: undefined,
    };
    this.#queries.set(token, query);
    this.#loaded = undefined;
    this.rooms.use((core) => core.watch(token));
    this.#ask(query);
    return query;
  }

  #ask(query: Query): void {
    query.stopSource();
    const { token, parts, args } = query;
    query.stopSource = this.#source?.watch({ token, reference: parts.reference, args }) ?? (() => {});
  }

  #unwatch(query: Query): void {
    this.#queries.delete(query.token);
    this.#loaded = undefined;
    query.stopSource();
    this.rooms.use((core) => core.unwatch(query.token));
  }

  #read(query: Query): QuerySnapshot<unknown> {
    const view = this.rooms.use((core) => core.view(query.token));
    if (view === undefined && query.error === undefined) return PENDING;
    const { snapshot: previous, error } = query;
    const data = view?.value;
    const pending = pendingMarks(view, previous.pending);
    const stale = view !== undefined && (view.origin === "cache" || !this.rooms.connectivity.isConnected);
    if (
      previous.status !== "pending" &&
      Object.is(previous.data, data) &&
      previous.error === error &&
      previous.stale === stale &&
      previous.pending === pending
    ) {
      return previous;
    }
    const status = error === undefined ? "success" : "error";
    return { status, data, error, stale, pending } as QuerySnapshot<unknown>;
  }
}

function pendingMarks(
  view: EngineView | undefined,
  previous: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  if (view === undefined || view.pending.length === 0) return NOTHING_PENDING;
  const isSame =
    previous.size === view.pending.length &&
    view.pending.every(([document, operations]) => previous.get(document)?.join() === operations.join());
  return isSame ? previous : new Map(view.pending);
}
