/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";
import type * as campaigns from "../campaigns.js";
import type * as crons from "../crons.js";
import type * as interactions from "../interactions.js";
import type * as ledger from "../ledger.js";
import type * as seed from "../seed.js";
import type * as tabweave from "../tabweave.js";

/**
 * A utility for referencing Convex functions in your app's API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
declare const fullApi: ApiFromModules<{
  campaigns: typeof campaigns;
  crons: typeof crons;
  interactions: typeof interactions;
  ledger: typeof ledger;
  seed: typeof seed;
  tabweave: typeof tabweave;
}>;
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;
