/**
 * `tabweave/convex/server`: what a Convex backend adds so that an operation which is delivered
 * more than once has its effect once.
 *
 * What an app adds:
 *
 * ```ts
 * // convex/schema.ts
 * import { tabweaveTables } from "tabweave/convex/server";
 * export default defineSchema({ ...tabweaveTables, interactions: defineTable({ … }) });
 *
 * // convex/tabweave.ts
 * export { close, outcomes, pruneOutcomes } from "tabweave/convex/server";
 *
 * // convex/interactions.ts
 * import { once } from "tabweave/convex/server";
 * export const changeStatus = once(mutation)({
 *   args: { id: v.id("interactions"), status: v.string() },
 *   handler: async (ctx, { id, status }) => { … },
 * });
 * ```
 *
 * This entry imports `convex/server` and `convex/values` only, so it bundles into Convex's
 * own runtime.
 *
 * @module
 */

export { CONFLICT_TAG, type Conflict, CURRENT_LENGTH_MAX, checkBase, type WritingContext } from "./base.js";
export { type Closed, close } from "./close.js";
export { IDEMPOTENCY_KEY_LENGTH_MAX, KEY_ARGUMENT, type Refusal } from "./key.js";
export { type AnyRegisteredMutation, once, type WithIdempotencyKey } from "./once.js";
export { OUTCOMES_KEYS_MAX, type Outcome, outcomes } from "./outcomes.js";
export { PRUNE_RECORDS_MAX, pruneOutcomes } from "./prune.js";
export { OUTCOMES_KEEP_MS } from "./stamp.js";
export { type OutcomeFields, type TabweaveTables, tabweaveTables } from "./tables.js";
