import type { AttemptOutcome } from "./definition/parts.js";
import type { TabweaveErrorCode } from "./errors/codes.js";

/** A query that the client wants to be kept up to date. */
export interface SourceQuery {
  /** The client's name for it. */
  readonly token: string;
  /** What the collection says it is: for Convex, a reference to the function. */
  readonly reference: unknown;
  readonly args: unknown;
}

/** What a source learned at one moment of the server. */
export interface SourceBatch {
  /** Results that have changed. */
  readonly queries: ReadonlyArray<readonly [token: string, value: unknown]>;
  /** Queries that the server refused. */
  readonly errors: ReadonlyArray<readonly [token: string, error: unknown]>;
  /** Keys of operations whose effects are in these and all earlier results. */
  readonly seen: readonly string[];
}

/** Who hears what a source learns. None of these throws. */
export interface SourceListener {
  connection(connected: boolean): void;
  deliver(batch: SourceBatch): void;
  /**
   * The server's clock, in milliseconds since 1970, as of now: for sources that are told it, with an answer or a
   * heartbeat, as often as they like. From then on what is done here is stamped by it, so that a device whose clock is
   * wrong wins over nobody. Without it stamps count the device's time. A time more than a day away from the device's is
   * not believed. `convexSource` never calls it: the Convex client does not tell the server's time.
   */
  serverTime?(ms: number): void;
  diagnostic(code: TabweaveErrorCode, cause?: unknown): void;
}

/** One call of a function of the server. */
export interface SourceCall {
  readonly reference: unknown;
  readonly args: unknown;
  /** Names the operation: two calls with one key are one call. */
  readonly key: string;
  /** When the first attempt of the operation was begun, in milliseconds since 1970. */
  readonly firstAttemptMs: number;
  readonly signal: AbortSignal;
}

/** Where results of queries come from. `tabweave/convex` has one for Convex. */
export interface Source {
  /** The deployment's address, a part of the default namespace. */
  readonly address?: string;
  /** Whether it can tell by their keys which operations its results contain. */
  readonly knowsKeys: boolean;
  /** Begins to report; called in a browser only, and again only after the returned function was. */
  listen(listener: SourceListener): () => void;
  /** Keeps a query up to date until the returned function is called. */
  watch(query: SourceQuery): () => void;
  /** The operations that are waited for, in order; replaces the earlier list. */
  watchKeys(keys: readonly string[]): void;
  /** Calls a function of the server; never rejects. */
  call?(call: SourceCall): Promise<AttemptOutcome>;
}
