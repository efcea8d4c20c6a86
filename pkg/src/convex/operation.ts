import { type FunctionReturnType, getFunctionName } from "convex/server";
import { type CommonOptions, type Operation, operationFrom } from "../definition/operation.js";
import type { AttemptContext, Creates } from "../definition/parts.js";
import type { OnSettled } from "../definition/settled.js";
import type { Terms } from "../definition/terms.js";
import type { Transaction } from "../transaction.js";
import type { AnyMutation, CallerArgs, TakesKey } from "./arguments.js";
import { attempt } from "./attempt.js";

/** An attempt has no `timeout`: the client keeps a call until it is answered, and sends it again by itself. */
export interface ConvexCommonOptions
  extends Omit<Terms, "timeout">,
    Pick<CommonOptions, "aliases" | "version" | "migrate" | "sensitive"> {
  /** By default the path of the function. */
  readonly name?: string;
}

/** Whether the server runs the mutation once for each key; `once: false` if it was not wrapped. */
export type OnceOption<Mutation extends AnyMutation> =
  TakesKey<Mutation> extends true ? { readonly once?: boolean } : { readonly once: false };

/** What can be said of an operation besides whether it runs once. */
export interface ConvexOperationFields<Mutation extends AnyMutation> extends ConvexCommonOptions {
  /**
   * Shows at once what the server will do. Synchronous and pure: it is run again on every rebase, in
   * other tabs and after a reload, and may use nothing but `tx` and `args`.
   */
  readonly optimistic?: (tx: Transaction, args: CallerArgs<Mutation>) => void;
  /**
   * Tells from the result the id of what was created, or the ids in the order of `tx.insert`: they take the place of
   * their placeholders in the arguments of later operations. By default a result that is a text is the id.
   */
  readonly creates?: Creates<FunctionReturnType<Mutation>>;
  /** Operations of one scope run one after another. By default all operations share one scope. */
  readonly scope?: string | ((args: CallerArgs<Mutation>) => string);
  /** Called once over all tabs when an operation has come to its end; see `onSettled` of `defineOperation`. */
  readonly onSettled?: OnSettled<CallerArgs<Mutation>, FunctionReturnType<Mutation>>;
  /** Makes one operation of two that were not sent yet; see `coalesce` of `defineOperation`. */
  readonly coalesce?: (
    older: CallerArgs<Mutation>,
    newer: CallerArgs<Mutation>,
  ) => CallerArgs<Mutation> | "both";
}

export type ConvexOperationOptions<Mutation extends AnyMutation> = ConvexOperationFields<Mutation> &
  OnceOption<Mutation>;

/** An operation that calls a mutation of the Convex backend. */
export function convexOperation<Mutation extends AnyMutation>(
  mutation: Mutation,
  ...[options]: TakesKey<Mutation> extends true
    ? [options?: ConvexOperationOptions<Mutation>]
    : [options: ConvexOperationOptions<Mutation>]
): Operation<CallerArgs<Mutation>, FunctionReturnType<Mutation>> {
  const {
    name = getFunctionName(mutation),
    once = true,
    ...rest
  }: ConvexOperationFields<Mutation> & { readonly once?: boolean } = options ?? {};
  return operationFrom<CallerArgs<Mutation>, FunctionReturnType<Mutation>>(name, {
    ...rest,
    creates: rest.creates ?? "result",
    idempotent: once,
    confirmedByKey: once,
    perform: (context) =>
      attempt(context, { reference: mutation, args: intentArguments(context), keyed: once }),
  });
}

/** The arguments with which a person did something. */
export function intentArguments({ body }: AttemptContext): unknown {
  return body.kind === "intent" ? body.arguments : undefined;
}
