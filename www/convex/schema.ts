import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { tabweaveTables } from "tabweave/convex/server";

/** What an interaction can be in: planned, being played, interrupted, or over for good. */
export const status = v.union(
  v.literal("planned"),
  v.literal("live"),
  v.literal("paused"),
  v.literal("completed"),
);

/** Somebody who takes turns. */
export const participant = v.object({
  id: v.string(),
  name: v.string(),
  kind: v.union(v.literal("player"), v.literal("npc")),
});

export default defineSchema({
  ...tabweaveTables,

  campaigns: defineTable({ name: v.string() }).index("by_name", ["name"]),

  interactions: defineTable({
    campaignId: v.id("campaigns"),
    name: v.string(),
    status,
    round: v.number(),
    /** Whose turn it is: a position in `participants`. */
    turnIndex: v.number(),
    participants: v.array(participant),
    note: v.string(),
    /** One more with every change. */
    revision: v.number(),
    updatedAt: v.number(),
  }).index("by_campaign", ["campaignId"]),

  /** One row for every mutation that took effect, in order: the server's own count. */
  ledger: defineTable({
    operation: v.string(),
    detail: v.string(),
    seq: v.number(),
  }).index("by_seq", ["seq"]),
});
