import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { tabweaveTables } from "tabweave/convex/server";

export default defineSchema({
  ...tabweaveTables,
  notes: defineTable({ list: v.string(), text: v.string(), count: v.int64() }).index("by_list", ["list"]),
});
