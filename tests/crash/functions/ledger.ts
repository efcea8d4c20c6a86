// What took effect. A mutation that ran twice leaves two rows: nothing here looks for an earlier one.
import {
  type DataModelFromSchemaDefinition,
  type MutationBuilder,
  mutationGeneric,
  type QueryBuilder,
  queryGeneric,
} from "convex/server";
import { v } from "convex/values";
import { once } from "tabweave/convex/server";
import type schema from "./schema.js";

type DataModel = DataModelFromSchemaDefinition<typeof schema>;
const query = queryGeneric as QueryBuilder<DataModel, "public">;
const mutation = mutationGeneric as MutationBuilder<DataModel, "public">;

export const append = once(mutation)({
  args: { tab: v.number(), scope: v.string(), number: v.number(), after: v.optional(v.id("ledger")) },
  handler: async (ctx, row) => await ctx.db.insert("ledger", row),
});

/** All rows, oldest first. */
export const list = query({
  args: {},
  handler: async (ctx) => await ctx.db.query("ledger").collect(),
});
