import { type FunctionReturnType, getFunctionName } from "convex/server";
import { type Operation, operationFrom } from "../definition/operation.js";
import type { Creates } from "../definition/parts.js";
import type { OnSettled } from "../definition/settled.js";
import type { Transaction } from "../transaction.js";
import type { AnyAction, CallerArgs, TakesKey } from "./arguments.js";
import { attempt } from "./attempt.js";
import { type ConvexCommonOptions, intentArguments } from "./operation.js";

/** Whether the action does the same once for each key; `keyed: false` if it takes none. */
export type KeyedOption<Action extends AnyAction> =
  TakesKey<Action> extends true ? { readonly keyed?: boolean } : { readonly keyed: false };

/** What can be said of an operation that calls an action, besides whether it takes a key. */
export interface ConvexActionFields<Action extends AnyAction> extends ConvexCommonOptions {
  /**
   * Shows at once what the server will do. Synchronous and pure: it is run again on every rebase, in
   * other tabs and after a reload, and may use nothing but `tx` and `args`.
   */
  readonly optimistic?: (tx: Transaction, args: CallerArgs<Action>) => void;
  /**
   * Tells from the result the id of what was created, or the ids in the order of `tx.insert`: they take the place of
   * their placeholders in the arguments of later operations. By default a result that is a text is the id.
   */
  readonly creates?: Creates<FunctionReturnType<Action>>;
  /** Operations of one scope run one after another. By default all operations share one scope. */
  readonly scope?: string | ((args: CallerArgs<Action>) => string);
  /** Called once over all tabs when an operation has come to its end; see `onSettled` of `defineOperation`. */
  readonly onSettled?: OnSettled<CallerArgs<Action>, FunctionReturnType<Action>>;
  /** Makes one operation of two that were not sent yet; see `coalesce` of `defineOperation`. */
  readonly coalesce?: (older: CallerArgs<Action>, newer: CallerArgs<Action>) => CallerArgs<Action> | "both";
}

export type ConvexActionOptions<Action extends AnyAction> = ConvexActionFields<Action> & KeyedOption<Action>;

/**
 * An operation that calls an action of the Convex backend.
 *
 * The client gives an action up when its connection is cut, and nobody knows how far it came. Without a key the
 * operation is parked as `outcome_unknown` then; the same after eleven minutes without an answer.
 *
 * With `keyed` (the default if the action declares the argument `idempotencyKey`) it is sent again under the same
 * key. What the action does must then be bound to the key, or it happens twice: hand the key as it is to the one mutation
 * wrapped in `once` that has the effect, and to the outside service if that takes one. For a second mutation derive
 * another one, `` `${idempotencyKey}:receipt` ``.
 *
 * ```ts
 * // convex/orders.ts
 * export const pay = action({
 *   args: { order: v.id("orders"), idempotencyKey: v.optional(v.string()) },
 *   handler: async (ctx, { order, idempotencyKey }) => {
 *     const charge = await charges.create({ order }, { idempotencyKey });
 *     await ctx.runMutation(internal.orders.paid, { order, charge: charge.id, idempotencyKey });
 *   },
 * });
 *
 * // in the app
 * const pay = convexAction(api.orders.pay);
 * ```
 *
 * @throws TabweaveError `invalid_option` if an option cannot be what it is
 */
export function convexAction<Action extends AnyAction>(
  action: Action,
  ...[options]: TakesKey<Action> extends true
    ? [options?: ConvexActionOptions<Action>]
    : [options: ConvexActionOptions<Action>]
): Operation<CallerArgs<Action>, FunctionReturnType<Action>> {
  const {
    name = getFunctionName(action),
    keyed = true,
    ...rest
  }: ConvexActionFields<Action> & { readonly keyed?: boolean } = options ?? {};
  return operationFrom<CallerArgs<Action>, FunctionReturnType<Action>>(name, {
    ...rest,
    creates: rest.creates ?? "result",
    idempotent: keyed,
    // `outcomes` knows only keys that the action handed on, so it is not relied on.
    confirmedByKey: false,
    perform: (context) =>
      attempt(context, { kind: "action", reference: action, args: intentArguments(context), keyed }),
  });
}
