import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { tabweaveTables } from "tabweave/convex/server";

export default defineSchema({
  ...tabweaveTables,
  tasks: defineTable({ list: v.string(), text: v.string(), done: v.boolean() }).index("by_list", ["list"]),
});
