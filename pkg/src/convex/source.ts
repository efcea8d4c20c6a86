import type { DefaultFunctionArgs } from "convex/server";
import type { AttemptOutcome } from "../definition/parts.js";
import type {
  CloseOutcome,
  Source,
  SourceCall,
  SourceClose,
  SourceListener,
  SourceQuery,
} from "../source.js";
import { callConvex, hasUnanswered, type Line } from "./calls.js";
import type { ConvexClient, ConvexWatch } from "./client.js";
import { type CloseMutation, closeKey } from "./closing.js";
import type { AnyQuery } from "./collection.js";
import { Connection } from "./connection.js";
import { asksBeforeLeaving } from "./inside.js";
import { FIRST_ANSWER_WAIT_MS_MAX, KeyGroups, type OutcomesQuery } from "./keys.js";
import { Token } from "./token.js";

/** How long after a fatal error a new client is asked for, in milliseconds: each time twice as long, up to the longest. */
const RENEW_WAIT_MS = 1_000;
const RENEW_WAIT_MS_MAX = 60_000;

export interface ConvexSourceOptions {
  /** The query `outcomes` of `tabweave/convex/server`, as the app exports it: `api.tabweave.outcomes`. */
  readonly outcomes?: OutcomesQuery;
  /**
   * The mutation `close` of `tabweave/convex/server`, as the app exports it: `api.tabweave.close`. With it an operation
   * that was sent can be cancelled although nobody knows whether it took effect.
   */
  readonly close?: CloseMutation;
  /**
   * Whether operations belong to somebody who is signed in, asked before each attempt; by default false. If so, none is
   * sent before the client has a token: the attempt waits for it up to 10 seconds and then ends as `unauthenticated`.
   * In any case a client that was seen to have a token and lost it is not used to send operations as nobody: they end
   * as `unauthenticated` until it has one, or `setIdentity` says that somebody else is there, or nobody.
   */
  readonly requireAuth?: boolean | (() => boolean);
  /**
   * Makes another client, with the credentials of who is signed in, and gives it to whatever else uses the former one,
   * such as `ConvexProvider`. What it throws is reported.
   *
   * Called when the server has ended the client with a fatal error: a second later, each further time twice as late, up
   * to a minute, and again if it throws. And called when another person signs in, or a new `TabweaveClient`
   * begins, while calls are unanswered that were made before: the client would send them again as the new person, so
   * it is closed. Without this function there is no other client; a diagnostic (`convex_fatal`, `convex_unfinished`)
   * says so.
   */
  readonly createConvexClient?: () => ConvexClient;
}

/** Results, calls and the connection of a `ConvexReactClient`. */
export function convexSource(client: ConvexClient, options: ConvexSourceOptions = {}): Source {
  return new ConvexSource(client, options);
}

/** What the server said about a query. */
type Answer = { readonly value: unknown } | { readonly error: unknown; readonly message: string };

interface WatchedQuery extends SourceQuery {
  watch: ConvexWatch;
  stop: () => void;
  /** When this client was asked for it. */
  sinceMs: number;
  /** What was delivered last. */
  last: Answer | undefined;
}

/** Delivers what a Convex client holds, one moment of the server at a time. */
class ConvexSource implements Source {
  readonly close: Source["close"];
  readonly #queries = new Map<string, WatchedQuery>();
  #line: Line;
  #keys: KeyGroups | undefined;
  #wantedKeys: readonly string[] = [];
  #listener: SourceListener | undefined;
  /** How often another client was asked for after a fatal error. */
  #renewals = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #stopClient: () => void = () => {};

  constructor(
    client: ConvexClient,
    private readonly options: ConvexSourceOptions,
  ) {
    this.#line = this.#lineOf(client);
    const { close } = options;
    if (close !== undefined) {
      this.close = (operation: SourceClose): Promise<CloseOutcome> => closeKey(this.#line, close, operation);
    }
  }

  get address(): string {
    return this.#line.client.url;
  }

  get knowsKeys(): boolean {
    return this.options.outcomes !== undefined;
  }

  listen(listener: SourceListener): () => void {
    this.#listener = listener;
    this.#line = this.#lineOf(this.#line.client);
    if (this.#mayResend) this.#leaveUnanswered(listener);
    this.#follow(listener);
    return () => {
      this.#stopClient();
      this.#listener = undefined;
      this.#wantedKeys = [];
    };
  }

  watch(query: SourceQuery): () => void {
    const watched: WatchedQuery = { ...query, ...this.#subscribe(query), last: undefined };
    this.#queries.set(query.token, watched);
    return () => {
      watched.stop();
      if (this.#queries.get(query.token) === watched) this.#queries.delete(query.token);
    };
  }

  watchKeys(keys: readonly string[]): void {
    this.#wantedKeys = keys;
    this.#keys?.update(keys);
  }

  async call(call: SourceCall): Promise<AttemptOutcome> {
    const record = this.#keys?.recordOf(call.key);
    // Its effect was delivered, so there is nothing to send any more, whatever became of earlier attempts.
    if (record !== undefined) return { kind: "accepted", ...record };
    const outcome = await callConvex(this.#line, call);
    if (outcome.kind !== "accepted") return outcome;
    // The client answers once its results contain the mutation; they were delivered unless held back. Of an action it
    // tells as soon as it knows.
    return { ...outcome, seen: call.kind !== "action" && this.#deliver() };
  }

  #lineOf(client: ConvexClient): Line {
    const { requireAuth = false } = this.options;
    const required = typeof requireAuth === "function" ? requireAuth : () => requireAuth;
    return { client, connection: new Connection(client), token: new Token(client, required) };
  }

  // ---- One client after another.

  /** Hears of the client's connection and of its end, and asks it for the keys that are waited for. */
  #follow(listener: SourceListener): void {
    const { client, connection } = this.#line;
    if (asksBeforeLeaving(client)) listener.diagnostic("convex_warning");
    if (this.options.outcomes !== undefined) {
      const failed = (error: unknown) => listener.diagnostic("outcomes_unavailable", error);
      this.#keys = new KeyGroups(client, this.options.outcomes, this.#deliver, failed);
      this.#keys.update(this.#wantedKeys);
    }
    const died = () => this.#died(listener);
    const { death } = connection;
    const stopConnection = connection.listen((connected) => listener.connection(connected));
    if (death.aborted) died();
    else death.addEventListener("abort", died);
    this.#stopClient = () => {
      death.removeEventListener("abort", died);
      stopConnection();
      clearTimeout(this.#timer);
      clearTimeout(this.#renewal);
      this.#keys?.close();
      this.#keys = undefined;
    };
  }

  #died(listener: SourceListener): void {
    listener.connection(false);
    listener.diagnostic("convex_fatal");
    if (this.options.createConvexClient !== undefined) this.#renewLater(listener);
  }

  #renewLater(listener: SourceListener): void {
    const waitMs = Math.min(RENEW_WAIT_MS * 2 ** this.#renewals, RENEW_WAIT_MS_MAX);
    this.#renewals += 1;
    this.#renewal = setTimeout(() => {
      const client = this.#create(listener, "convex_fatal");
      if (client === undefined) {
        this.#renewLater(listener);
        return;
      }
      this.#stopClient();
      this.#replace(client);
      this.#follow(listener);
    }, waitMs);
  }

  /** Whether the client may send calls again by itself: whoever begins to listen has not made them. */
  get #mayResend(): boolean {
    const { client, connection } = this.#line;
    return hasUnanswered(client) && !connection.death.aborted;
  }

  /** The calls of who was signed in before must not be sent as who is now. */
  #leaveUnanswered(listener: SourceListener): void {
    const former = this.#line.client;
    const client = this.#create(listener, "convex_unfinished");
    if (client === undefined) {
      if (this.options.createConvexClient === undefined) listener.diagnostic("convex_unfinished");
      return;
    }
    this.#replace(client);
    void former.close();
  }

  /** Another client, if the app has one to give; what it throws is reported. */
  #create(listener: SourceListener, code: "convex_fatal" | "convex_unfinished"): ConvexClient | undefined {
    try {
      return this.options.createConvexClient?.();
    } catch (error) {
      listener.diagnostic(code, error);
      return undefined;
    }
  }

  /** Takes results from another client from now on, and calls that one. */
  #replace(client: ConvexClient): void {
    this.#line = this.#lineOf(client);
    for (const query of this.#queries.values()) {
      query.stop();
      Object.assign(query, this.#subscribe(query));
    }
  }

  #subscribe({ reference, args }: SourceQuery): Pick<WatchedQuery, "watch" | "stop" | "sinceMs"> {
    const watch = this.#line.client.watchQuery(reference as AnyQuery, (args ?? {}) as DefaultFunctionArgs);
    const stop = watch.onUpdate(this.#deliver);
    // The client may hold the result already, for another subscriber, and then tells nothing.
    queueMicrotask(this.#deliver);
    return { watch, stop, sinceMs: Date.now() };
  }

  // ---- Results, all of one moment.

  /**
   * Delivers everything that has changed. The client's results are all of one moment, but it tells of them
   * one by one, so the first word about a moment is taken for all of them. False if results are held back.
   */
  readonly #deliver = (): boolean => {
    if (this.#listener === undefined) return false;
    this.#line.token.look();
    const answers = new Map([...this.#queries].map(([token, { watch }]) => [token, readAnswer(watch)]));
    const results = this.#keys?.seen ?? [];
    const seen = results.map(([key]) => key);
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
    if (seen.length > 0) this.#keys?.delivered();
    if (queries.length + errors.length + seen.length > 0)
      this.#listener.deliver({ queries, errors, seen, results });
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
