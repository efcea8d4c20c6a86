import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { tabweaveTables } from "tabweave/convex/server";

export default defineSchema({
  ...tabweaveTables,
  ledger: defineTable({
    tab: v.number(),
    scope: v.string(),
    number: v.number(),
    after: v.optional(v.id("ledger")),
  }),
});
