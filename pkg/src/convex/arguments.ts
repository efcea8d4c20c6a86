import type { FunctionArgs, FunctionReference } from "convex/server";

/** The argument with which a mutation wrapped in `once()`, or an action, learns its idempotency key. */
export const KEY_ARGUMENT = "idempotencyKey";

export type AnyMutation = FunctionReference<"mutation">;
export type AnyAction = FunctionReference<"action">;

/** Whether a mutation or an action takes a key: a mutation does if it was wrapped in `once()`. */
export type TakesKey<Called extends AnyMutation | AnyAction> = string extends keyof FunctionArgs<Called>
  ? false
  : typeof KEY_ARGUMENT extends keyof FunctionArgs<Called>
    ? true
    : false;

/** The arguments as a caller passes them: without the key. */
export type CallerArgs<Called extends AnyMutation | AnyAction> = WithoutKey<FunctionArgs<Called>>;

// Arguments may be a union, whose members must stay apart; a bare record has nothing to leave out.
type WithoutKey<Args> = Args extends unknown
  ? string extends keyof Args
    ? Args
    : { [Name in keyof Args as Name extends typeof KEY_ARGUMENT ? never : Name]: Args[Name] }
  : never;
