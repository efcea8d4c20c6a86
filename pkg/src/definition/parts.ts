import type { OperationBody, OperationTerms, RebasedEdit } from "../engine/binding.js";
import type { TabweaveError } from "../errors/error.js";
import type { PolicyParts } from "../merge/policy.js";
import type { Source } from "../source.js";
import type { Transaction } from "../transaction.js";
import type { Classification } from "./classify.js";
import type { SaysCurrent } from "./conflict.js";

/** Where a definition keeps what only the client may use; global, so that two bundles agree. */
export const PARTS: unique symbol = Symbol.for("tabweave.definition");

/**
 * What kept a call from its end. `connection`: the server gave no answer, so the call does not count towards
 * `maxRetries`. `server`: it answered, and may answer otherwise another time. `overload`: it asked everybody to hold
 * back, as by 429 or 503. `handler`: it was not sent, for this tab does not
 * know how, or runs an older version of the app than stored it. `creator`: it was not sent, for what it names is to be created by an operation that is not
 * done yet.
 */
export type Hindrance = "connection" | "server" | "overload" | "handler" | "creator";

/** What a server calls a document. */
export type CreatedId = string | number;

/** Tells from a result what an operation has created: in the order in which its optimistic function inserted it. */
export type Creates<Result> = (result: Result) => CreatedId | readonly CreatedId[];

/** What became of one call to the server. */
export type AttemptOutcome =
  | {
      readonly kind: "accepted";
      readonly result: unknown;
      /** False if this tab's results may not contain it yet. */
      readonly seen?: boolean;
    }
  /** The server refused it, and would again. */
  | { readonly kind: "rejected"; readonly error: unknown }
  /** It contradicts what the server holds: somebody has to decide. */
  | ({
      readonly kind: "conflict";
      readonly error: unknown;
      /** What the edit becomes, if nobody has to decide. */
      readonly rebased?: RebasedEdit;
    } & SaysCurrent)
  /** The server does not know any more who calls: it waits until the person has signed in again. */
  | { readonly kind: "unauthenticated"; readonly error: unknown }
  /** It was not sent: it needs what another operation was to create, and that one failed. */
  | { readonly kind: "blocked"; readonly error: unknown }
  /** An earlier attempt may have taken effect, and it is too late to find out: it is never sent again. */
  | { readonly kind: "lost"; readonly error: unknown }
  /** It did not take effect, and may another time. By default hindered by the `server`. */
  | {
      readonly kind: "retryable";
      readonly error: unknown;
      readonly afterMs?: number;
      readonly hindrance?: Hindrance;
    }
  /** Nobody knows whether it took effect. By default hindered by the `connection`. */
  | { readonly kind: "unknown"; readonly error: unknown; readonly hindrance?: Hindrance };

/** One call to the server, as a definition is asked to make it. */
export interface AttemptContext {
  readonly body: OperationBody;
  readonly key: string;
  readonly attempt: number;
  /** How long the attempt may take, in milliseconds. */
  readonly timeoutMs: number;
  /** When the first attempt of the operation was begun, in milliseconds since 1970. */
  readonly firstAttemptMs: number;
  readonly signal: AbortSignal;
  readonly source: Source | undefined;
  /**
   * Runs a function of the app that calls the server, and tells what became of it. It may take no longer than the
   * attempt may; its signal is aborted then.
   */
  outcomeOf(
    classify: ((error: unknown) => Classification | undefined) | undefined,
    run: () => unknown,
  ): Promise<AttemptOutcome>;
}

/** How an operation ended: done with the server's answer, or not, and why. */
export type OperationEnding<Result = unknown> = {
  /** The operation's id: the same one should the app be told a second time. */
  readonly id: string;
} & (
  | { readonly state: "done"; readonly result: Result; readonly error: undefined }
  | { readonly state: "dead" | "cancelled"; readonly result: undefined; readonly error: TabweaveError }
);

/** What the client needs of a definition, whatever its kind and its types. */
export interface DefinitionParts {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly repeatable: boolean;
  readonly confirmedByKey: boolean;
  readonly terms: OperationTerms;
  /** What was stored under this version, as the functions here take it. */
  migrated(body: OperationBody, version: number): OperationBody;
  /** What it creates; `"result"`: a result that is a text is the id of what was inserted without its key. */
  readonly creates?: Creates<unknown> | "result" | undefined;
  /** What does both, of two that were to be sent one right after the other; undefined: they stay two. */
  coalesce?: ((older: OperationBody, newer: OperationBody) => OperationBody | undefined) | undefined;
  /** Tells the app how an operation ended. */
  onSettled?: ((body: OperationBody, ending: OperationEnding) => unknown) | undefined;
  /** Set on edits. */
  readonly collection?: CollectionParts;
  /** How edits are merged with what the server has come to hold; undefined: by what holds without rules. */
  readonly policy?: PolicyParts | undefined;
  scopeOf(body: OperationBody): string;
  optimistic(tx: Transaction, body: OperationBody): unknown;
  perform(context: AttemptContext): Promise<AttemptOutcome>;
}

/** What the client needs of a collection, whatever its documents are. */
export interface CollectionParts {
  readonly name: string;
  readonly reference: unknown;
  /** The field that holds the key, if it is a field that does. */
  readonly keyField?: string | undefined;
  keyOf(document: unknown): string;
  matches(document: unknown, args: unknown): boolean;
  readonly sort?: ((a: unknown, b: unknown) => number) | undefined;
}

/** An operation or an edit of any type. */
export interface Definition {
  readonly kind: "operation" | "edit";
  readonly name: string;
  readonly [PARTS]: DefinitionParts;
}

/** A collection of any type. */
export interface AnyCollection {
  readonly name: string;
  readonly [PARTS]: CollectionParts;
}
