import type { FunctionReference, FunctionReturnType } from "convex/server";
import type { ConvexClient, ConvexWatch } from "./client.js";

/** The query `outcomes` of `tabweave/convex/server`, as an app exports it. */
export type OutcomesQuery = FunctionReference<
  "query",
  "public",
  { keys: string[] },
  Array<{ key: string; result: unknown }>
>;

/** How many keys one subscription asks for; the server answers no more than 200. */
const GROUP_KEYS_MAX = 100;
/** How many results of operations that were seen are remembered. */
const RESULTS_MAX = 200;
/** How long results are held back for a subscription that has no answer yet. */
export const FIRST_ANSWER_WAIT_MS_MAX = 2_000;

type KeyRecord = FunctionReturnType<OutcomesQuery>[number];

interface Group {
  /** Keys that are waited for. */
  readonly keys: Set<string>;
  readonly watch: ConvexWatch;
  readonly stop: () => void;
  readonly sinceMs: number;
  answered: boolean;
}

/**
 * Watches keys of operations until the server's records have them.
 *
 * Keys are asked for in groups, each of which is one subscription that lives until all of its keys were
 * seen: asking for all of them in one would make a new subscription, and a new wait, with every operation.
 */
export class KeyGroups {
  readonly #groups = new Set<Group>();
  /** Keys that are in a group, or were seen and are still waited for by the client. */
  readonly #known = new Set<string>();
  /** What operations that were delivered as seen have returned; the latest ones. */
  readonly #results = new Map<string, unknown>();

  constructor(
    private readonly client: ConvexClient,
    private readonly outcomes: OutcomesQuery,
    private readonly changed: () => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** The keys that are waited for from now on. */
  update(keys: readonly string[]): void {
    const wanted = new Set(keys);
    for (const key of this.#known) if (!wanted.has(key)) this.#known.delete(key);
    for (const group of this.#groups) {
      for (const key of group.keys) if (!wanted.has(key)) group.keys.delete(key);
    }
    this.#stopEmpty();
    const fresh = keys.filter((key) => !this.#known.has(key));
    for (let start = 0; start < fresh.length; start += GROUP_KEYS_MAX) {
      this.#begin(fresh.slice(start, start + GROUP_KEYS_MAX));
    }
  }

  /**
   * Until when results must be held back, in milliseconds since 1970: before a group has its first answer,
   * they might show an effect whose key is not told yet.
   */
  get holdUntilMs(): number {
    let until = 0;
    for (const group of this.#groups) {
      if (!this.#isAnswered(group)) until = Math.max(until, group.sinceMs + FIRST_ANSWER_WAIT_MS_MAX);
    }
    return until;
  }

  /** Operations that are waited for and whose effects are in the client's results as they are now, with their own. */
  get seen(): Array<[key: string, result: unknown]> {
    return this.#seen.map(({ key, result }) => [key, result]);
  }

  /** Those that were just told as seen were delivered: nobody waits for them here any more. */
  delivered(): void {
    for (const { key, result } of this.#seen) {
      this.#results.set(key, result);
      for (const group of this.#groups) group.keys.delete(key);
    }
    for (const oldest of this.#results.keys()) {
      if (this.#results.size <= RESULTS_MAX) break;
      this.#results.delete(oldest);
    }
    this.#stopEmpty();
  }

  /** What the server recorded of an operation that was delivered as seen; undefined if that is not known. */
  recordOf(key: string): { readonly result: unknown } | undefined {
    return this.#results.has(key) ? { result: this.#results.get(key) } : undefined;
  }

  close(): void {
    for (const group of this.#groups) group.stop();
    this.#groups.clear();
    this.#known.clear();
  }

  #begin(keys: string[]): void {
    for (const key of keys) this.#known.add(key);
    const watch = this.client.watchQuery(this.outcomes, { keys });
    const stop = watch.onUpdate(this.changed);
    this.#groups.add({ keys: new Set(keys), watch, stop, sinceMs: Date.now(), answered: false });
  }

  #stopEmpty(): void {
    for (const group of this.#groups) {
      if (group.keys.size > 0) continue;
      group.stop();
      this.#groups.delete(group);
    }
  }

  get #seen(): KeyRecord[] {
    return [...this.#groups].flatMap((group) => this.#read(group).filter(({ key }) => group.keys.has(key)));
  }

  #isAnswered(group: Group): boolean {
    if (!group.answered) this.#read(group);
    return group.answered;
  }

  #read(group: Group): KeyRecord[] {
    try {
      const records = group.watch.localQueryResult() as KeyRecord[] | undefined;
      group.answered ||= records !== undefined;
      return records ?? [];
    } catch (error) {
      group.answered = true;
      this.failed(error);
      return [];
    }
  }
}
