import { v } from "convex/values";
import { type MutationCtx, query } from "./_generated/server";

const LEDGER_ROWS_LISTED_MAX = 1000;

/** What took effect on this server, oldest first; `after` skips the rows up to that number. */
export const list = query({
  args: { after: v.optional(v.number()) },
  handler: async (ctx, { after }) =>
    await ctx.db
      .query("ledger")
      .withIndex("by_seq", (range) => range.gt("seq", after ?? 0))
      .take(LEDGER_ROWS_LISTED_MAX),
});

/**
 * Counts one effect. The next number depends on the last row, so two mutations that run at once
 * are put in order by Convex; a busier app would do without such a single line.
 */
export async function record(ctx: MutationCtx, operation: string, detail: string): Promise<number> {
  const last = await ctx.db.query("ledger").withIndex("by_seq").order("desc").first();
  const seq = (last?.seq ?? 0) + 1;
  await ctx.db.insert("ledger", { operation, detail, seq });
  return seq;
}
