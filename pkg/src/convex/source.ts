import type { DefaultFunctionArgs } from "convex/server";
import type { AttemptOutcome } from "../definition/parts.js";
import type { Source, SourceCall, SourceListener, SourceQuery } from "../source.js";
import { callConvex } from "./calls.js";
import type { ConvexClient, ConvexWatch } from "./client.js";
import type { AnyQuery } from "./collection.js";
import { Connection } from "./connection.js";
import { FIRST_ANSWER_WAIT_MS_MAX, KeyGroups, type OutcomesQuery } from "./keys.js";

export interface ConvexSourceOptions {
  /** The query `outcomes` of `tabweave/convex/server`, as the app exports it: `api.tabweave.outcomes`. */
  readonly outcomes?: OutcomesQuery;
}

/** Results, calls and the connection of a `ConvexReactClient`. */
export function convexSource(client: ConvexClient, options: ConvexSourceOptions = {}): Source {
  return new ConvexSource(client, options.outcomes);
}

/** What the server said about a query. */
type Answer = { readonly value: unknown } | { readonly error: unknown; readonly message: string };

interface WatchedQuery {
  readonly watch: ConvexWatch;
  readonly sinceMs: number;
  /** What was delivered last. */
  last: Answer | undefined;
}

/** Delivers what a Convex client holds, one moment of the server at a time. */
class ConvexSource implements Source {
  readonly #queries = new Map<string, WatchedQuery>();
  readonly #connection: Connection;
  #keys: KeyGroups | undefined;
  #listener: SourceListener | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly client: ConvexClient,
    private readonly outcomes: OutcomesQuery | undefined,
  ) {
    this.#connection = new Connection(client);
  }

  get address(): string {
    return this.client.url;
  }

  get knowsKeys(): boolean {
    return this.outcomes !== undefined;
  }

  listen(listener: SourceListener): () => void {
    this.#listener = listener;
    if (asksBeforeLeaving(this.client)) listener.diagnostic("convex_warning");
    if (this.outcomes !== undefined) {
      const failed = (error: unknown) => listener.diagnostic("outcomes_unavailable", error);
      this.#keys = new KeyGroups(this.client, this.outcomes, this.#deliver, failed);
    }
    const stop = this.#connection.listen((connected) => listener.connection(connected));
    return () => {
      stop();
      clearTimeout(this.#timer);
      this.#keys?.close();
      this.#keys = undefined;
      this.#listener = undefined;
    };
  }

  watch({ token, reference, args }: SourceQuery): () => void {
    const watch = this.client.watchQuery(reference as AnyQuery, (args ?? {}) as DefaultFunctionArgs);
    const query: WatchedQuery = { watch, sinceMs: Date.now(), last: undefined };
    this.#queries.set(token, query);
    const stop = watch.onUpdate(this.#deliver);
    // The client may hold the result already, for another subscriber, and then tells nothing.
    queueMicrotask(this.#deliver);
    return () => {
      stop();
      if (this.#queries.get(token) === query) this.#queries.delete(token);
    };
  }

  watchKeys(keys: readonly string[]): void {
    this.#keys?.update(keys);
  }

  async call(call: SourceCall): Promise<AttemptOutcome> {
    const outcome = await callConvex(this.client, this.#connection, call);
    // The client answers once its results contain the mutation; they were delivered unless held back.
    return outcome.kind === "accepted" ? { ...outcome, seen: this.#deliver() } : outcome;
  }

  /**
   * Delivers everything that has changed. The client's results are all of one moment, but it tells of them
   * one by one, so the first word about a moment is taken for all of them. False if results are held back.
   */
  readonly #deliver = (): boolean => {
    if (this.#listener === undefined) return false;
    const answers = new Map([...this.#queries].map(([token, { watch }]) => [token, readAnswer(watch)]));
    const seen = this.#keys?.seen ?? [];
    if (this.#isHeldBack(answers, seen)) return false;
    const queries: Array<[string, unknown]> = [];
    const errors: Array<[string, unknown]> = [];
    for (const [token, answer] of answers) {
      const query = this.#queries.get(token);
      if (query === undefined || answer === undefined || isSameAnswer(query.last, answer)) continue;
      query.last = answer;
      if ("error" in answer) errors.push([token, answer.error]);
      else queries.push([token, answer.value]);
    }
    this.#keys?.delivered(seen);
    if (queries.length + errors.length + seen.length > 0) this.#listener.deliver({ queries, errors, seen });
    return true;
  };

  /** An effect must not show without its key, nor a key be told before every query that may show its effect. */
  #isHeldBack(answers: ReadonlyMap<string, Answer | undefined>, seen: readonly string[]): boolean {
    let until = this.#keys?.holdUntilMs ?? 0;
    if (seen.length > 0) {
      for (const [token, { sinceMs }] of this.#queries) {
        if (answers.get(token) === undefined) until = Math.max(until, sinceMs + FIRST_ANSWER_WAIT_MS_MAX);
      }
    }
    clearTimeout(this.#timer);
    const waitMs = until - Date.now();
    if (waitMs <= 0) return false;
    this.#timer = setTimeout(this.#deliver, waitMs);
    return true;
  }
}

function readAnswer(watch: ConvexWatch): Answer | undefined {
  try {
    const value = watch.localQueryResult();
    return value === undefined ? undefined : { value };
  } catch (error) {
    return { error, message: error instanceof Error ? error.message : String(error) };
  }
}

function isSameAnswer(a: Answer | undefined, b: Answer): boolean {
  if (a === undefined) return false;
  // The client makes a new error of the same answer on every reading.
  if ("error" in a) return "error" in b && a.message === b.message;
  return !("error" in b) && a.value === b.value;
}

/** Whether the client shows a dialog before the page is left; it says so in a private field. */
function asksBeforeLeaving(client: ConvexClient): boolean {
  const { options } = client as { options?: { unsavedChangesWarning?: unknown } };
  return options !== undefined && options.unsavedChangesWarning !== false;
}
