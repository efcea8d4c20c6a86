import {
  type FunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
  getFunctionName,
} from "convex/server";
import {
  type Collection,
  type CollectionOptions,
  collection,
  type KeyField,
} from "../definition/collection.js";

export type AnyQuery = FunctionReference<"query">;

/** The documents in the list that a query returns. */
export type DocumentOf<Query extends AnyQuery> =
  FunctionReturnType<Query> extends ReadonlyArray<infer Document extends object> ? Document : never;

export type ConvexCollectionOptions<
  Query extends AnyQuery,
  Key extends string = KeyField<DocumentOf<Query>>,
> = CollectionOptions<DocumentOf<Query>, FunctionArgs<Query>, Key> & {
  /** By default the path of the function. */
  readonly name?: string;
};

/** A collection of the documents that a query of the Convex backend lists. */
export function convexCollection<Query extends AnyQuery, Key extends KeyField<DocumentOf<Query>> = never>(
  query: Query,
  options: ConvexCollectionOptions<Query, Key>,
): Collection<DocumentOf<Query>, FunctionArgs<Query>, Key> {
  const { name = getFunctionName(query), ...rest } = options;
  return collection<DocumentOf<Query>, FunctionArgs<Query>, Key>(name, { ...rest, reference: query });
}
