import type { Collection } from "./definition/collection.js";

/** A reference to a query of the server, as Convex's generated `api` has them. */
export interface QueryReference<Args, Value> {
  readonly _type: "query";
  readonly _args: Args;
  readonly _returnType: Value;
}

/** The result of one query, while an optimistic function runs. */
export interface QueryDraft<Value> {
  /** The result as it is now; undefined if this tab has not loaded it. */
  readonly value: Value | undefined;
  /** Replaces the result, if this tab has loaded it. The function must not change what it is given. */
  patch(change: (value: Value) => Value): void;
}

/** What an optimistic function may do. Nothing of it shows before the function has returned. */
export interface Transaction {
  /** The operation's id: the same on every run, and so good for the key of a new document. */
  readonly id: string;
  /** When the operation was accepted, in milliseconds since 1970; the same on every run. */
  readonly now: number;
  /** The document of this key, if a loaded result holds it. */
  get<Document extends object, Args>(
    collection: Collection<Document, Args>,
    key: string,
  ): Document | undefined;
  /** Adds the document to every loaded result whose arguments match it. */
  insert<Document extends object, Args>(
    collection: Collection<Document, Args>,
    document: NoInfer<Document>,
  ): void;
  /** Changes the document wherever it is loaded; it moves between results as its fields say. */
  update<Document extends object, Args>(
    collection: Collection<Document, Args>,
    key: string,
    change: Partial<NoInfer<Document>> | ((document: Document) => Document),
  ): void;
  /** Takes the document out of every loaded result. */
  remove<Document extends object, Args>(collection: Collection<Document, Args>, key: string): void;
  /** One result of a query. */
  query<Document extends object, Args>(
    collection: Collection<Document, Args>,
    args: Args,
  ): QueryDraft<Document[]>;
  query<Args, Value>(reference: QueryReference<Args, Value>, args: Args): QueryDraft<Value>;
}
