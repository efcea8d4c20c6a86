"use client";

import { useCallback, useMemo } from "react";
import type { Collection } from "../definition/collection.js";
import { documentKey, type QueryView, useQuerySelection } from "./useQuerySelection.js";

export interface UseCollectionOptions<Document extends object, Data> {
  /** What the component needs of the documents; it renders again only when that changes. */
  readonly select?: (documents: readonly Document[]) => Data;
  /** Shown until there is a result. */
  readonly initialData?: readonly Document[];
}

/** A list of documents, with what this person changed and the server has not confirmed. */
export interface CollectionResult<Document extends object, Data> extends QueryView<Data> {
  /** Whether an operation on this document is not confirmed yet. */
  readonly isPending: (document: Document) => boolean;
}

/** The documents that a query returns for these arguments. `"skip"`: none for now. */
export function useCollection<Document extends object, Args, Data = readonly Document[]>(
  collection: Collection<Document, Args>,
  args: NoInfer<Args> | "skip",
  options: UseCollectionOptions<NoInfer<Document>, Data> & {
    readonly initialData: readonly NoInfer<Document>[];
  },
): CollectionResult<Document, Data>;
export function useCollection<Document extends object, Args, Data = readonly Document[]>(
  collection: Collection<Document, Args>,
  args: NoInfer<Args> | "skip",
  options?: UseCollectionOptions<NoInfer<Document>, Data>,
): CollectionResult<Document, Data | undefined>;
export function useCollection<Document extends object, Args, Data>(
  collection: Collection<Document, Args>,
  args: Args | "skip",
  { select, initialData }: UseCollectionOptions<Document, Data> = {},
): CollectionResult<Document, Data | readonly Document[] | undefined> {
  const choose = useCallback(
    (documents: readonly Document[] | undefined) =>
      documents === undefined || select === undefined ? documents : select(documents),
    [select],
  );
  const view = useQuerySelection(collection, args, initialData, choose);
  return useMemo(
    () => ({
      ...view,
      isPending: (document: Document) => view.pending.has(documentKey(collection, document)),
    }),
    [view, collection],
  );
}
