import type { Collection } from "./definition/collection.js";

/** A reference to a query of the server, as Convex's generated `api` has them. */
export interface QueryReference<Args, Value> {
  readonly _type: "query";
  readonly _args: Args;
  readonly _returnType: Value;
}

/** A document as it may be inserted: the server may have yet to say what its key is. */
export type Inserted<Document extends object, Key extends string> =
  | Document
  | (Key extends keyof Document ? WithoutKey<Document, Key> : never);

type WithoutKey<Document extends object, Key extends keyof Document> = Document extends unknown
  ? Omit<Document, Key>
  : never;

/** The result of one query, while an optimistic function runs. */
export interface QueryDraft<Value> {
  /** The result as it is now; undefined if this tab has not loaded it. */
  readonly value: Value | undefined;
  /** Replaces the result, if this tab has loaded it. The function must not change what it is given. */
  patch(change: (value: Value) => Value): void;
}

/** What an optimistic function may do. Nothing of it shows before the function has returned. */
export interface Transaction {
  /** The operation's id: the same on every run, and so good for a key that the caller chooses. */
  readonly id: string;
  /** When the operation was accepted, in milliseconds since 1970; the same on every run. */
  readonly now: number;
  /** The document of this key, if a loaded result holds it. */
  get<Document extends object, Args>(
    collection: Collection<Document, Args>,
    key: string,
  ): Document | undefined;
  /**
   * Adds the document to every loaded result whose arguments match it, and returns its key. If it lacks the field that
   * is its key, that is a placeholder: later operations may name it in their arguments, and are sent with the id that
   * the server gave, as `creates` of this operation tells.
   */
  insert<Document extends object, Args, Key extends string = never>(
    collection: Collection<Document, Args, Key>,
    document: NoInfer<Inserted<Document, Key>>,
  ): string;
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
