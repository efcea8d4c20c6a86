import { type QueryBuilder, queryGeneric, type RegisteredQuery } from "convex/server";
import { v } from "convex/values";
import { callerIdentity, refuse } from "./key.js";
import { findRecord } from "./record.js";
import type { OutcomesDataModel } from "./tables.js";

/** An operation that took effect, and what its mutation returned the first time. */
export type Outcome = { key: string; result: unknown };

/** How many keys one call of {@link outcomes} answers. */
export const OUTCOMES_KEYS_MAX = 200;

const query = queryGeneric as QueryBuilder<OutcomesDataModel, "public">;

/**
 * Tells a client which of its operations took effect. A public query, ready to be exported from
 * `convex/tabweave.ts`:
 *
 * ```ts
 * export { outcomes } from "tabweave/convex/server";
 * ```
 *
 * It answers `{ key, result }` for each of the keys that ran for the caller's own identity, in the order asked; the
 * others are left out. Keys are asked for without the time that they are sent with. Each key is one index read. A
 * client's queries arrive at one timestamp, so a key shows up here together with its effect.
 *
 * Throws `ConvexError<Refusal>` with code `outcomes_keys_max` for more than
 * {@link OUTCOMES_KEYS_MAX} keys.
 */
export const outcomes: RegisteredQuery<"public", { keys: string[] }, Promise<Outcome[]>> = query({
  args: { keys: v.array(v.string()) },
  returns: v.array(v.object({ key: v.string(), result: v.any() })),
  handler: async (ctx, { keys }): Promise<Outcome[]> => {
    if (keys.length > OUTCOMES_KEYS_MAX) {
      throw refuse(
        "outcomes_keys_max",
        `Asked for ${keys.length} keys; one call answers at most ${OUTCOMES_KEYS_MAX}.`,
      );
    }
    const identity = await callerIdentity(ctx);
    const records = await Promise.all(Array.from(new Set(keys), (key) => findRecord(ctx.db, key)));
    return records.flatMap((record) =>
      record !== null && record.sealed !== true && record.identity === identity
        ? [{ key: record.key, result: record.result }]
        : [],
    );
  },
});
