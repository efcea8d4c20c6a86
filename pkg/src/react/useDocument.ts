"use client";

import { useCallback, useMemo } from "react";
import type { Collection } from "../definition/collection.js";
import { useTabweave } from "./provider.js";
import { documentKey, type QueryView, useQuerySelection } from "./useQuerySelection.js";

export interface UseDocumentOptions<Document extends object, Data> {
  /** What the component needs of the document; it renders again only when that changes. */
  readonly select?: (document: Document) => Data;
  /** Shown until there is a result. */
  readonly initialData?: Document;
}

/** One document; `data` is undefined while it is loading and if the list does not hold it. */
export interface DocumentResult<Data> extends QueryView<Data | undefined> {
  /** Whether an operation on this document is not confirmed yet. */
  readonly isPending: boolean;
}

/** The document of this key in the list that a query returns for these arguments. */
export function useDocument<Document extends object, Args, Data = Document>(
  collection: Collection<Document, Args>,
  args: NoInfer<Args> | "skip",
  key: string,
  options?: UseDocumentOptions<NoInfer<Document>, Data>,
): DocumentResult<Data>;
export function useDocument<Document extends object, Args, Data>(
  collection: Collection<Document, Args>,
  args: Args | "skip",
  key: string,
  { select, initialData }: UseDocumentOptions<Document, Data> = {},
): DocumentResult<Data | Document> {
  const client = useTabweave();
  // A placeholder names its document also when that has its id.
  const isIt = useCallback((other: string) => client.keyOf(other) === client.keyOf(key), [client, key]);
  const choose = useCallback(
    (documents: readonly Document[] | undefined) => {
      const found = documents?.find((document) => isIt(documentKey(collection, document)));
      return found === undefined || select === undefined ? found : select(found);
    },
    [collection, isIt, select],
  );
  const initial = useMemo(() => initialData && [initialData], [initialData]);
  const view = useQuerySelection(collection, args, initial, choose);
  return useMemo(() => ({ ...view, isPending: [...view.pending.keys()].some(isIt) }), [view, isIt]);
}
