import type { AttemptOutcome, Hindrance } from "./definition/parts.js";
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
  /** What those of them have returned of which that is known. */
  readonly results?: ReadonlyArray<readonly [key: string, result: unknown]>;
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
  /** By default a mutation, whose effect is in the results once it is answered; that of an action need not be. */
  readonly kind?: "mutation" | "action";
}

/** An operation of which it is to be settled whether it takes effect. */
export type SourceClose = Pick<SourceCall, "key" | "firstAttemptMs" | "signal">;

/** What was settled about an operation. */
export type CloseOutcome =
  /** It has taken effect; this is what the function returned. */
  | { readonly kind: "done"; readonly result: unknown }
  /** It has not, and never will: the server refuses its key from now on. */
  | { readonly kind: "closed" }
  /** It may have, and it is too late to find out. */
  | { readonly kind: "lost"; readonly error: unknown }
  /** The server does not know who asks. */
  | { readonly kind: "unauthenticated"; readonly error: unknown }
  /** The server refused to tell, and would again. */
  | { readonly kind: "rejected"; readonly error: unknown }
  /** Nothing was found out: it may be asked again. */
  | { readonly kind: "retryable"; readonly error: unknown; readonly hindrance: Hindrance };

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
  /**
   * Settles for good whether an operation takes effect that was sent and of which nothing was heard; never rejects.
   * Missing if the server cannot.
   */
  readonly close?: ((operation: SourceClose) => Promise<CloseOutcome>) | undefined;
}
