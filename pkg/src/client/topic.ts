import type { Store } from "./snapshots.js";

/** What an entry of a durable topic comes to. */
export interface Publication {
  /**
   * Resolves when the entry outlives this page, or when a newer one of its key does. Rejects with a
   * TabweaveError: `storage_memory` if the browser stores nothing, `wasm_unavailable` or `engine_crashed` if
   * there is no engine, `identity_changed`, `client_closed`. Never an unhandled rejection.
   */
  readonly persisted: Promise<void>;
}

interface TopicFacts<Value> extends Store<ReadonlyMap<string, Value>> {
  readonly name: string;
  /** The value of a key; undefined if there is no entry. */
  get(key: string): Value | undefined;
  /** All entries. The map keeps its reference until one of them changes; do not change it. */
  getSnapshot(): ReadonlyMap<string, Value>;
  /** Calls the listener when any entry changes, or only the one of this key. */
  subscribe(listener: () => void, key?: string): () => void;
}

/** Entries that all tabs of this identity share and that are stored. The latest of a key counts. */
export interface DurableTopic<Value> extends TopicFacts<Value> {
  readonly durable: true;
  /**
   * Puts an entry in the place of the one with this key: at once here, in the other tabs once it is stored.
   *
   * @throws TabweaveError `invalid_option`, `args_not_cloneable`, `payload_too_large` (over 10 MB),
   * `topic_full`, `identity_unknown`, `client_closed`, `server_side`, `reentrant_call`; nothing is changed then.
   */
  publish(key: string, value: Value): Publication;
  /** Takes an entry out. Where `publish` throws because nothing can be published, `persisted` rejects. */
  remove(key: string): Publication;
}

/**
 * Entries that all tabs of this identity share as long as the tab that wrote them takes part: for presence,
 * typing and cursors. Never stored; an entry goes with its tab.
 */
export interface EphemeralTopic<Value> extends TopicFacts<Value> {
  readonly durable: false;
  /**
   * Puts an entry in the place of the one with this key: at once here, in the other tabs at most once in
   * 16 ms with the latest value. Throws as `publish` of a durable topic does.
   */
  publish(key: string, value: Value): void;
  /** Takes an entry out. Does nothing where nothing can be published. */
  remove(key: string): void;
}
