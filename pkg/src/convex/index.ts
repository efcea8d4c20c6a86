/**
 * Tabweave over a Convex backend: collections from its queries, operations from its mutations and actions, and
 * the source that keeps them up to date.
 *
 * @module
 */
export {
  type ConvexActionFields,
  type ConvexActionOptions,
  convexAction,
  type KeyedOption,
} from "./action.js";
export type { AnyAction, AnyMutation, CallerArgs, TakesKey } from "./arguments.js";
export type { ConvexClient, ConvexConnection, ConvexWatch } from "./client.js";
export {
  type AnyQuery,
  type ConvexCollectionOptions,
  convexCollection,
  type DocumentOf,
} from "./collection.js";
export { type ConvexEditFields, type ConvexEditOptions, convexEdit } from "./edit.js";
export {
  type ConvexCommonOptions,
  type ConvexOperationFields,
  type ConvexOperationOptions,
  convexOperation,
  type OnceOption,
} from "./operation.js";
export { type ConvexSourceOptions, convexSource } from "./source.js";
