import type { FunctionArgs, FunctionReference } from "convex/server";

/** The argument with which a mutation wrapped in `once()` learns its idempotency key. */
export const KEY_ARGUMENT = "idempotencyKey";

export type AnyMutation = FunctionReference<"mutation">;

/** Whether a mutation takes a key, that is, whether it was wrapped in `once()`. */
export type TakesKey<Mutation extends AnyMutation> = string extends keyof FunctionArgs<Mutation>
  ? false
  : typeof KEY_ARGUMENT extends keyof FunctionArgs<Mutation>
    ? true
    : false;

/** The arguments as a caller passes them: without the key. */
export type CallerArgs<Mutation extends AnyMutation> = WithoutKey<FunctionArgs<Mutation>>;

// Arguments may be a union, whose members must stay apart; a bare record has nothing to leave out.
type WithoutKey<Args> = Args extends unknown
  ? string extends keyof Args
    ? Args
    : { [Name in keyof Args as Name extends typeof KEY_ARGUMENT ? never : Name]: Args[Name] }
  : never;
