"use client";

import { useCallback, useMemo } from "react";
import { PENDING } from "../client/queries.js";
import type { QuerySnapshot } from "../client/snapshots.js";
import type { Collection } from "../definition/collection.js";
import type { CallArguments } from "../definition/operation.js";
import { type AnyCollection, PARTS } from "../definition/parts.js";
import type { TabweaveError } from "../errors/error.js";
import { queryToken } from "../token.js";
import { useTabweave } from "./provider.js";
import { useSelection } from "./useSelection.js";

/** What a hook shows of a query. */
export interface QueryView<Data> {
  readonly data: Data;
  /** Whether there is a result, none yet, or an error. */
  readonly status: "pending" | "success" | "error";
  /** Whether the result is an older one: of an earlier visit, or from before the connection was lost. */
  readonly stale: boolean;
  readonly error: TabweaveError | undefined;
  /** Operations that the server has not confirmed, by the key of the document they change. */
  readonly pending: ReadonlyMap<string, readonly string[]>;
}

/** Subscribes to a query and selects from its snapshot; the arguments count by value. */
export function useQuerySelection<Document extends object, Args, Data>(
  collection: Collection<Document, Args>,
  args: Args | "skip",
  initial: readonly Document[] | undefined,
  select: (documents: readonly Document[] | undefined) => Data,
): QueryView<Data> {
  const client = useTabweave();
  const token = args === "skip" ? undefined : queryToken(collection.name, args);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the token stands for collection and args.
  const query = useMemo(() => ({ collection, args: args as Args }), [token]);
  const subscribe = useCallback(
    (listener: () => void) =>
      token === undefined ? () => {} : client.subscribe(query.collection, query.args, listener),
    [client, token, query],
  );
  const read = useCallback(
    (): QuerySnapshot<Document[]> =>
      token === undefined ? PENDING : client.view(query.collection, ...([query.args] as CallArguments<Args>)),
    [client, token, query],
  );
  const choose = useCallback(
    (snapshot: QuerySnapshot<Document[]>): QueryView<Data> => viewOf(snapshot, initial, select),
    [initial, select],
  );
  return useSelection(subscribe, read, readNothing, choose);
}

function readNothing(): QuerySnapshot<never> {
  return PENDING;
}

function viewOf<Document extends object, Data>(
  snapshot: QuerySnapshot<Document[]>,
  initial: readonly Document[] | undefined,
  select: (documents: readonly Document[] | undefined) => Data,
): QueryView<Data> {
  const { status, stale, error, pending } = snapshot;
  if (status === "pending" && initial !== undefined) {
    return { data: select(initial), status: "success", stale: true, error, pending };
  }
  return { data: select(snapshot.data), status, stale, error, pending };
}

/** The key of a document, as the marks of pending operations name it. */
export function documentKey(collection: AnyCollection, document: object): string {
  return collection[PARTS].keyOf(document);
}
