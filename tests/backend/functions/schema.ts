import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { tabweaveTables } from "tabweave/convex/server";

export default defineSchema({
  ...tabweaveTables,
  entries: defineTable({ text: v.string(), count: v.int64(), bytes: v.optional(v.bytes()) }).index(
    "by_text",
    ["text"],
  ),
  sheets: defineTable({ title: v.string(), cell: v.optional(v.any()) }),
});
