import {
  type DataModelFromSchemaDefinition,
  defineTable,
  type SchemaDefinition,
  type TableDefinition,
} from "convex/server";
import {
  type ObjectType,
  type VAny,
  type Value,
  type VBoolean,
  type VFloat64,
  type VNull,
  type VObject,
  type VString,
  type VUnion,
  v,
} from "convex/values";

/** The fields of one record in `tabweaveOutcomes`: the first run of one operation, or the seal of its key. */
export type OutcomeFields = {
  /** The operation's idempotency key. */
  key: VString;
  /** The `tokenIdentifier` of the caller, `null` when nobody was signed in. */
  identity: VUnion<string | null, [VString, VNull]>;
  /** SHA-256, in hex, of the canonical encoding of the arguments. */
  argsHash: VString;
  /** What the mutation returned; `null` when it returned nothing. */
  result: VAny<Value>;
  /**
   * When the record was made, in milliseconds since 1970; if its key was first sent later than that, by the clock of
   * the device that made it, then.
   */
  at: VFloat64;
  /** True: the key never ran and never will. Missing on records of runs. */
  sealed: VBoolean<boolean | undefined, "optional">;
};

/** The tables Tabweave needs, in the shape that `defineSchema` takes. */
export type TabweaveTables = {
  tabweaveOutcomes: TableDefinition<
    VObject<ObjectType<OutcomeFields>, OutcomeFields>,
    { by_key: ["key", "_creationTime"]; by_at: ["at", "_creationTime"] }
  >;
};

/**
 * Spread this into the app's schema:
 *
 * ```ts
 * export default defineSchema({ ...tabweaveTables, interactions: defineTable({ … }) });
 * ```
 *
 * A record is one document, so a result together with its key has to stay below Convex's
 * limit for one document (1 MiB).
 */
export const tabweaveTables: TabweaveTables = {
  tabweaveOutcomes: defineTable({
    key: v.string(),
    identity: v.union(v.string(), v.null()),
    argsHash: v.string(),
    result: v.any() as VAny<Value>,
    at: v.number(),
    sealed: v.optional(v.boolean()),
  })
    .index("by_key", ["key"])
    .index("by_at", ["at"]),
};

/** The part of an app's data model that this package reads and writes. */
export type OutcomesDataModel = DataModelFromSchemaDefinition<SchemaDefinition<TabweaveTables, true>>;
