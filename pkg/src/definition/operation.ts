import { check, checkName } from "../client/check.js";
import type { OperationBody } from "../engine/binding.js";
import type { Transaction } from "../transaction.js";
import type { Classification } from "./classify.js";
import {
  type AttemptContext,
  type AttemptOutcome,
  type Creates,
  type Definition,
  type DefinitionParts,
  PARTS,
} from "./parts.js";
import { type OnSettled, toldOf } from "./settled.js";
import { type Terms, termsOf } from "./terms.js";

declare const CALL: unique symbol;

/** An intent: recorded with its arguments, and rebased by running `optimistic` again. */
export interface Operation<Args, Result> extends Definition {
  readonly kind: "operation";
  readonly [CALL]?: (args: Args) => Result;
}

/** The arguments of a call; those that may all be left out need not be passed. */
export type CallArguments<Args> = undefined extends Args
  ? [args?: Args]
  : Record<never, never> extends Args
    ? [args?: Args]
    : [args: Args];

/** What `run` of an operation is given. */
export interface RunContext<Args> {
  readonly args: Args;
  /** The idempotency key: the same one on every attempt of this operation. */
  readonly key: string;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  /** Aborted when the attempt has taken too long, or the client is closed. */
  readonly signal: AbortSignal;
}

/** What operations and edits have in common. */
export interface CommonOptions extends Terms {
  /** Names under which operations of this definition were stored by earlier versions of the app. */
  readonly aliases?: readonly string[];
  /**
   * The version of what is stored: raise it when arguments (of an edit, documents) are of another shape than before, and
   * say in `migrate` how older ones are read. A whole number from 0. Default: 0.
   */
  readonly version?: number;
  /**
   * Makes arguments of this version of older ones; of an edit, of its `base` and its `next` each. Pure. What it throws makes
   * a dead letter of the operation, with what was stored. What a newer version of the app has stored waits for a tab
   * that runs it.
   */
  readonly migrate?: (version: number, stored: unknown) => unknown;
  /**
   * Whether the server applies the operation once however often it is sent under its key. Without it
   * an attempt of unknown outcome parks the operation instead of being repeated.
   */
  readonly idempotent?: boolean;
  /** Whether the source can tell by the key when its data contains the operation. */
  readonly confirmedByKey?: boolean;
  /**
   * Keeps what the operation is about in the memory of the page in which it was called: neither its arguments (an
   * edit's documents) nor its result nor what its errors say is stored, told to other tabs, exported or logged. Those
   * know its id, name, scope, state and times, and of an edit which document it changes; only that page sends it. It
   * ends with the page: `persisted` rejects with `sensitive_operation`, and when the page is gone the operation becomes
   * a dead letter (`page_gone`). Default: false.
   */
  readonly sensitive?: boolean;
  /**
   * What an error thrown by `run` means; undefined: as usual. By default its status, its code and its name decide, never
   * its text.
   */
  readonly classify?: (error: unknown) => Classification | undefined;
}

export interface OperationOptions<Args, Result> extends CommonOptions {
  /** Calls the server. */
  run(context: RunContext<Args>): Result | Promise<Result>;
  /**
   * Shows at once what the server will do. Synchronous and pure: it is run again on every rebase, in
   * other tabs and after a reload, and may use nothing but `tx` and `args`.
   */
  readonly optimistic?: (tx: Transaction, args: Args) => void;
  /**
   * Tells from the result the id of what was created, or the ids in the order of `tx.insert`: they take the place of
   * their placeholders in the arguments of later operations. Without it those operations cannot be sent.
   */
  readonly creates?: Creates<Result>;
  /** Operations of one scope run one after another. By default all operations share one scope. */
  readonly scope?: string | ((args: Args) => string);
  /**
   * Makes one operation of two of this name that stand next to each other in their scope and were not sent yet, such as two
   * changes of one text: the earlier one is sent with what it returns, and the calls of both end as that one does;
   * `"both"`: they stay two. Pure. Operations that create documents are kept apart, and sensitive ones cannot have it.
   */
  readonly coalesce?: (older: Args, newer: Args) => Args | "both";
  /**
   * Called when an operation has come to its end, whichever tab called or sent it, also after a reload: once over all
   * tabs of the person, in one that they see, rather the one that called it; if they see none, as soon as they do. If that
   * tab is gone before the function, or the promise it returned, was through, it is called again in another one, with the
   * same `id`. Of a sensitive operation it is told neither `args` nor `result`: the caller's promise is.
   */
  readonly onSettled?: OnSettled<Args, Result>;
}

/** What can be said of one call. */
export interface CallOptions extends Terms {
  /** Aborted: the operation is withdrawn, unless it is on its way or has ended. */
  readonly signal?: AbortSignal;
}

/** What a call is passed: its arguments, and what can be said of it. */
export type MutationArguments<Args> = undefined extends Args
  ? [args?: Args, options?: CallOptions]
  : Record<never, never> extends Args
    ? [args?: Args, options?: CallOptions]
    : [args: Args, options?: CallOptions];

/** The scope of operations that name none: everything in the order in which it was done. */
export const DEFAULT_SCOPE = "default";

/** Describes what a person can do. The name finds the functions of stored operations: keep it. */
export function defineOperation<Args = void, Result = unknown>(
  name: string,
  options: OperationOptions<Args, Result>,
): Operation<Args, Result> {
  check(typeof options?.run === "function", "run");
  return operationFrom<Args, Result>(name, {
    ...options,
    perform: (context) =>
      context.outcomeOf(options.classify, () =>
        options.run({
          args: argumentsOf(context.body) as Args,
          key: context.key,
          attempt: context.attempt,
          signal: context.signal,
        }),
      ),
  });
}

/** What every way to define an operation comes down to. */
export interface OperationBlueprint<Args, Result> extends Omit<CommonOptions, "classify"> {
  readonly onSettled?: OnSettled<Args, Result> | undefined;
  readonly coalesce?: ((older: Args, newer: Args) => Args | "both") | undefined;
  readonly optimistic?: (tx: Transaction, args: Args) => void;
  readonly creates?: Creates<Result> | "result" | undefined;
  readonly scope?: string | ((args: Args) => string);
  readonly perform: (context: AttemptContext) => Promise<AttemptOutcome>;
}

export function operationFrom<Args, Result>(
  name: string,
  {
    optimistic,
    creates,
    scope = DEFAULT_SCOPE,
    onSettled,
    coalesce,
    perform,
    ...common
  }: OperationBlueprint<Args, Result>,
): Operation<Args, Result> {
  const parts: DefinitionParts = {
    ...withOptions(commonParts(name, common), {
      onSettled: toldOf(onSettled, (body) => argumentsOf(body) as Args),
      coalesce: coalesceOf(coalesce),
    }),
    creates: creates as Creates<unknown> | "result" | undefined,
    scopeOf: (body) => (typeof scope === "string" ? scope : scope(argumentsOf(body) as Args)),
    optimistic: (tx, body) => optimistic?.(tx, argumentsOf(body) as Args),
    perform,
  };
  return { kind: "operation", name, [PARTS]: parts };
}

/** The parts that do not depend on the kind of the definition. */
export function commonParts(
  name: string,
  { aliases = [], idempotent = false, confirmedByKey = false, ...rest }: CommonOptions,
): Pick<DefinitionParts, "name" | "aliases" | "repeatable" | "confirmedByKey" | "terms" | "migrated"> {
  checkName(name);
  const { migrate } = rest;
  const terms = { ...termsOf(rest), ...versionOf(rest), ...sensitivityOf(rest) };
  const migrated = (body: OperationBody, version: number): OperationBody =>
    migrate === undefined || version === (terms.version ?? 0)
      ? body
      : migratedBody(body, (stored) => migrate(version, stored));
  return { name, aliases, repeatable: idempotent, confirmedByKey, terms, migrated };
}

/** The same parts with what only some definitions have; the engine is told of it by the terms. */
export function withOptions<Parts extends Pick<DefinitionParts, "terms">>(
  parts: Parts,
  { onSettled, coalesce }: Pick<DefinitionParts, "onSettled" | "coalesce">,
): Parts & Pick<DefinitionParts, "onSettled" | "coalesce"> {
  // The leader compares operations, and knows nothing of those.
  check(!(parts.terms.sensitive && coalesce), "coalesce");
  const terms = {
    ...parts.terms,
    ...(onSettled && { reported: true }),
    ...(coalesce && { coalesces: true }),
  };
  return { ...parts, terms, onSettled, coalesce };
}

function coalesceOf<Args>(
  coalesce: ((older: Args, newer: Args) => Args | "both") | undefined,
): DefinitionParts["coalesce"] {
  if (coalesce === undefined) return undefined;
  check(typeof coalesce === "function", "coalesce");
  return (older, newer) => {
    const merged = coalesce(argumentsOf(older) as Args, argumentsOf(newer) as Args);
    return merged === "both" ? undefined : { kind: "intent", arguments: merged };
  };
}

function versionOf({ version, migrate }: CommonOptions): { version?: number } {
  if (version === undefined) return {};
  check(Number.isInteger(version) && version >= 0 && version < 2 ** 32, "version");
  check(version === 0 || typeof migrate === "function", "migrate");
  return { version };
}

function sensitivityOf({ sensitive = false }: CommonOptions): { sensitive?: true } {
  check(typeof sensitive === "boolean", "sensitive");
  return sensitive ? { sensitive } : {};
}

function migratedBody(body: OperationBody, migrate: (stored: unknown) => unknown): OperationBody {
  return body.kind === "intent"
    ? { ...body, arguments: migrate(body.arguments) }
    : { ...body, base: migrate(body.base), next: migrate(body.next) };
}

function argumentsOf(body: OperationBody): unknown {
  return body.kind === "intent" ? body.arguments : undefined;
}
