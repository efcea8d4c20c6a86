import {
  internalMutationGeneric,
  type MutationBuilder,
  makeFunctionReference,
  type RegisteredMutation,
} from "convex/server";
import { convexToJson, v } from "convex/values";
import type { MutationContext, OutcomeRecord } from "./record.js";
import { OUTCOMES_KEEP_MS } from "./stamp.js";
import type { OutcomesDataModel } from "./tables.js";

/** How many records one step of {@link pruneOutcomes} deletes. */
export const PRUNE_RECORDS_MAX = 100;
/** After how many characters of results a step ends early. One result has at most as many again. */
const PRUNE_CHARACTERS_MAX = 1024 * 1024;
/** How much longer than promised records are kept: the servers of a deployment need not agree on the time. */
const PRUNE_MARGIN_MS = 60 * 60 * 1000;

const internalMutation = internalMutationGeneric as MutationBuilder<OutcomesDataModel, "internal">;

/**
 * Deletes records that nobody may need any more: those older than {@link OUTCOMES_KEEP_MS}. An internal mutation,
 * ready to be exported from `convex/tabweave.ts` and run by a cron:
 *
 * ```ts
 * // convex/tabweave.ts
 * export { close, outcomes, pruneOutcomes } from "tabweave/convex/server";
 *
 * // convex/crons.ts
 * const crons = cronJobs();
 * crons.daily("prune tabweave", { hourUTC: 3, minuteUTC: 0 }, internal.tabweave.pruneOutcomes, {});
 * export default crons;
 * ```
 *
 * A step deletes the oldest {@link PRUNE_RECORDS_MAX} at most, fewer if their results are large, and answers how
 * many. As long as there are more it schedules the next step, by its path: pass `path` if it is exported
 * from another place than `convex/tabweave.ts`.
 *
 * It is a transaction of its own because what is old is the same for everybody: deleted along with each run, it
 * would make runs that have nothing to do with each other conflict. What `once` inserts is never in what is read here.
 * Without it nothing breaks, and records stay for ever.
 */
export const pruneOutcomes: RegisteredMutation<
  "internal",
  { path?: string },
  Promise<number>
> = internalMutation({
  args: { path: v.optional(v.string()) },
  returns: v.number(),
  handler: async (ctx, { path = "tabweave:pruneOutcomes" }): Promise<number> => {
    const { records, more } = await oldest(ctx, Date.now() - OUTCOMES_KEEP_MS - PRUNE_MARGIN_MS);
    for (const { _id: id } of records) await ctx.db.delete(id);
    if (more) await ctx.scheduler.runAfter(0, makeFunctionReference<"mutation">(path), { path });
    return records.length;
  },
});

async function oldest(
  { db }: MutationContext,
  beforeMs: number,
): Promise<{ records: OutcomeRecord[]; more: boolean }> {
  const records: OutcomeRecord[] = [];
  let characters = 0;
  const old = db.query("tabweaveOutcomes").withIndex("by_at", (range) => range.lt("at", beforeMs));
  for await (const record of old) {
    if (records.length === PRUNE_RECORDS_MAX || characters > PRUNE_CHARACTERS_MAX) {
      return { records, more: true };
    }
    records.push(record);
    characters += JSON.stringify(convexToJson(record.result)).length;
  }
  return { records, more: false };
}
