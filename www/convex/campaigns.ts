import { query } from "./_generated/server";

const CAMPAIGNS_LISTED_MAX = 100;

/** The campaigns by name. */
export const list = query({
  args: {},
  handler: async (ctx) => await ctx.db.query("campaigns").withIndex("by_name").take(CAMPAIGNS_LISTED_MAX),
});
