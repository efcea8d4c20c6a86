import type { FunctionVisibility, RegisteredMutation } from "convex/server";
import { type GenericValidator, type PropertyValidators, type Value, type VObject, v } from "convex/values";
import { callerIdentity, checkedKey, hashOfArguments, KEY_ARGUMENT, refuse } from "./key.js";
import { addRecord, findRecord, type MutationContext, type OutcomeRecord, refuseExpired } from "./record.js";
import { readKey } from "./stamp.js";

/** Any registered mutation; queries and actions are refused at compile time. */
export type AnyRegisteredMutation = { isConvexFunction: true; isMutation: true };

/** The same mutation with the optional key argument that {@link once} added. */
export type WithIdempotencyKey<Registered> =
  Registered extends RegisteredMutation<
    infer Visibility extends FunctionVisibility,
    infer Args,
    infer Returns
  >
    ? RegisteredMutation<Visibility, KeyedArguments<Args>, Returns>
    : never;

type KeyField = { idempotencyKey?: string };

// Arguments without a validator are open records: `Record<string, never>` for a handler that takes
// none, where an intersection would make the key `never`. Named fields are flattened to read well.
type KeyedArguments<Args> = string extends keyof Args
  ? Args extends Record<string, never>
    ? KeyField
    : Args & KeyField
  : { [Name in keyof (Args & KeyField)]: (Args & KeyField)[Name] };

type Arguments = Record<string, unknown>;
type Handler = (ctx: MutationContext, args: Arguments) => unknown;
type ArgumentsValidator = PropertyValidators | GenericValidator;
type Definition = Handler | { args?: ArgumentsValidator; handler: Handler };

/**
 * Wraps a mutation builder, so that a mutation made with it has its effect once for each key.
 *
 * The mutation gets one more argument, `idempotencyKey?: string`, which its handler never sees. Called
 * with a key, the first run stores the key, the caller's identity, a hash of the arguments and the
 * result in the mutation's own transaction; a repeat returns that first result and runs nothing. A
 * run that throws leaves no record, as it leaves no other write, so a repeat runs again. Called
 * without a key the mutation just runs.
 *
 * A key names one operation of one caller. A repeat by another identity or with other arguments is
 * refused: it throws `ConvexError<Refusal>` with code `idempotency_key_reused`, never the stored result.
 * A key that is not a string of 1 to 256 characters throws `idempotency_key_invalid`. The name of the
 * function is not part of the record, so that a renamed mutation still answers what is in a queue.
 *
 * Records are kept for 30 days ({@link OUTCOMES_KEEP_MS}), and then deleted by `pruneOutcomes`. Tabweave's keys
 * tell when their operation was first sent (`<id>@<milliseconds since 1970 in base 36>`; the record's key is the
 * id): an older one without a record is refused with `idempotency_key_expired` instead of run again. Any other
 * string is a key too, recorded as it is; such a key runs again once its record was deleted. After
 * `close` a key that has not run is refused with `idempotency_key_closed`.
 *
 * Any builder will do: the app's `mutation` and `internalMutation`, or a custom one that calls
 * its `handler` with a `ctx` which still has Convex's `db` and `auth`. With argument validators the hash
 * covers the declared arguments only, not what a custom builder adds. Definitions are the builder's
 * own: `{ args, returns, handler }`, or a bare function.
 *
 * ```ts
 * const onceMutation = once(mutation);
 *
 * export const advanceTurn = onceMutation({
 *   args: { id: v.id("interactions") },
 *   returns: v.null(),
 *   handler: async (ctx, { id }) => { … },
 * });
 * // FunctionArgs<typeof api.interactions.advanceTurn> is { id: Id<"interactions">; idempotencyKey?: string }
 * ```
 *
 * Throws an `Error` where the mutation is defined, thus at deployment, if its arguments
 * already have an `idempotencyKey` or are neither an object of validators, `v.object` nor `v.any`.
 */
export function once<BuilderDefinition, Registered extends AnyRegisteredMutation>(
  mutation: (definition: BuilderDefinition) => Registered,
): (definition: BuilderDefinition) => WithIdempotencyKey<Registered> {
  // The builder's own generic signature is carried over by the type above; inside, a
  // definition is only what every builder agrees on.
  const build = mutation as unknown as (definition: Definition) => WithIdempotencyKey<Registered>;
  return (definition) => build(keyed(definition as unknown as Definition));
}

function keyed(definition: Definition): Definition {
  if (typeof definition === "function") return keyedHandler(definition, null);
  const { args, handler } = definition;
  if (args === undefined) return { ...definition, handler: keyedHandler(handler, null) };
  const { validator, names } = withKeyField(args);
  return { ...definition, args: validator, handler: keyedHandler(handler, names) };
}

/** `names` are the arguments the mutation declared, `null` if it takes whatever comes. */
function keyedHandler(handler: Handler, names: string[] | null): Handler {
  return async (ctx, received) => {
    const { [KEY_ARGUMENT]: key, ...args } = received;
    if (key === undefined) return await handler(ctx, args);
    return await runOnce(ctx, checkedKey(key), names === null ? args : pick(args, names), () =>
      handler(ctx, args),
    );
  };
}

async function runOnce(
  ctx: MutationContext,
  key: string,
  args: Arguments,
  run: () => unknown,
): Promise<unknown> {
  const read = readKey(key);
  const identity = await callerIdentity(ctx);
  const argsHash = await hashOfArguments(args);
  const earlier = await findRecord(ctx.db, read.key);
  if (earlier !== null) return resultOf(earlier, identity, argsHash);
  refuseExpired(read);
  const result = await run();
  await addRecord(ctx, read, { identity, argsHash, result: (result ?? null) as Value });
  return result;
}

/** What the first run returned, if this is a repeat of it. */
function resultOf(earlier: OutcomeRecord, identity: string | null, argsHash: string): Value {
  const isMine = earlier.identity === identity;
  if (isMine && earlier.sealed === true) {
    throw refuse("idempotency_key_closed", `This \`${KEY_ARGUMENT}\` was closed before it ran.`);
  }
  if (isMine && earlier.argsHash === argsHash) return earlier.result;
  throw refuse(
    "idempotency_key_reused",
    `This \`${KEY_ARGUMENT}\` was recorded for other arguments or for another identity.`,
  );
}

function withKeyField(args: ArgumentsValidator): { validator: ArgumentsValidator; names: string[] | null } {
  if (!isValidator(args)) return { validator: extended(args), names: Object.keys(args) };
  switch (args.kind) {
    case "any":
      return { validator: args, names: null };
    case "object": {
      const fields = (args as VObject<unknown, PropertyValidators>).fields;
      return { validator: v.object(extended(fields)), names: Object.keys(fields) };
    }
    default:
      throw new Error(`once() takes arguments declared as an object or as v.any(), not as v.${args.kind}().`);
  }
}

function extended(fields: PropertyValidators): PropertyValidators {
  if (Object.hasOwn(fields, KEY_ARGUMENT)) {
    throw new Error(
      `once() adds the argument \`${KEY_ARGUMENT}\` itself: remove it from the mutation's args.`,
    );
  }
  return { ...fields, [KEY_ARGUMENT]: v.optional(v.string()) };
}

function isValidator(args: ArgumentsValidator): args is GenericValidator {
  return "isConvexValidator" in args && args.isConvexValidator === true;
}

function pick(args: Arguments, names: string[]): Arguments {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(args, name)).map((name) => [name, args[name]]),
  );
}
