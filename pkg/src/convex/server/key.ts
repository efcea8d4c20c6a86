import type { Auth } from "convex/server";
import { ConvexError, type Value } from "convex/values";
import { canonicalText } from "./canonical.js";

/** The name of the optional argument that `once` adds to a mutation. */
export const KEY_ARGUMENT = "idempotencyKey";

/** The longest key that `once` accepts, in UTF-16 code units. Tabweave's own keys are far shorter. */
export const IDEMPOTENCY_KEY_LENGTH_MAX = 256;

/**
 * What the `ConvexError`s of this package carry as `data`.
 *
 * - `idempotency_key_reused`: the key was recorded for other arguments or for another identity. The
 *   stored result is not returned. Remedy: give the changed operation a new key.
 * - `idempotency_key_invalid`: the key is not a string of 1 to {@link IDEMPOTENCY_KEY_LENGTH_MAX}
 *   characters. Remedy: pass the key as the client library made it.
 * - `idempotency_key_expired`: the key says that its operation was first sent longer ago than records are kept, and
 *   has none. Nothing was run. Remedy: look at the data; a person decides whether to do it anew.
 * - `idempotency_key_closed`: the key was sealed by `close` before it ran. Nothing was run. Remedy: give what is
 *   to be done after all a new key.
 * - `outcomes_keys_max`: more keys were asked for at once than `outcomes` answers. Remedy: ask in parts.
 */
export type Refusal = {
  code:
    | "idempotency_key_reused"
    | "idempotency_key_invalid"
    | "idempotency_key_expired"
    | "idempotency_key_closed"
    | "outcomes_keys_max";
  message: string;
};

export function refuse(code: Refusal["code"], message: string): ConvexError<Refusal> {
  return new ConvexError({ code, message });
}

/** Mutations without argument validators take anything, so the key is checked here too. */
export function checkedKey(key: unknown): string {
  if (typeof key !== "string" || key.length === 0 || key.length > IDEMPOTENCY_KEY_LENGTH_MAX) {
    throw refuse(
      "idempotency_key_invalid",
      `\`${KEY_ARGUMENT}\` must be a string of 1 to ${IDEMPOTENCY_KEY_LENGTH_MAX} characters.`,
    );
  }
  return key;
}

/** Who asks: a record made for one caller is never shown to another one. */
export async function callerIdentity(ctx: { auth: Auth }): Promise<string | null> {
  const identity = await ctx.auth.getUserIdentity();
  return identity?.tokenIdentifier ?? null;
}

/** SHA-256, in hex, of the arguments: equal for equal values, whatever the order of their fields. */
export async function hashOfArguments(args: Record<string, unknown>): Promise<string> {
  const text = new TextEncoder().encode(canonicalText(args as Value));
  const digest = await crypto.subtle.digest("SHA-256", text);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
