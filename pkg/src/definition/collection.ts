import { check, checkName } from "../client/check.js";
import { sameValue } from "../token.js";
import { type AnyCollection, type CollectionParts, PARTS } from "./parts.js";

declare const TYPES: unique symbol;

/** Lists of documents that a query of the server returns, one list for each set of arguments. */
export interface Collection<Document extends object, Args, Key extends string = never> extends AnyCollection {
  readonly [TYPES]?: {
    document(document: Document): Document;
    readonly args: (args: Args) => void;
    /** The field that a document may be inserted without. */
    readonly key: (key: Key) => void;
  };
}

/** The fields of a document that can be its key. */
export type KeyField<Document extends object> = {
  [Field in keyof Document & string]: Document[Field] extends string | number ? Field : never;
}[keyof Document & string];

/** The field that most documents have their id in. */
export type UsualKey<Document extends object> = Extract<KeyField<Document>, "id" | "_id">;

export interface CollectionOptions<Document extends object, Args, Key extends string = KeyField<Document>> {
  /**
   * The field that tells documents apart, or a function that reads it. With a field, documents can be inserted before
   * the server has given them an id.
   */
  readonly key: Key | ((document: Document) => string);
  /**
   * Whether a list with these arguments contains the document. By default every argument that is
   * also a field of the document must be equal to it.
   */
  readonly matches?: (document: Document, args: Args) => boolean;
  /** The order of a list; without it an inserted document comes last. */
  readonly sort?: (a: Document, b: Document) => number;
}

/** Describes a collection. `reference` is what the client's source understands. */
export function collection<
  Document extends object,
  Args = void,
  Key extends KeyField<Document> = UsualKey<Document>,
>(
  name: string,
  options: CollectionOptions<Document, Args> & { readonly reference?: unknown },
): Collection<Document, Args, Key> {
  checkName(name);
  const { key, sort } = options ?? {};
  check(typeof key === "function" || typeof key === "string", "key");
  const matches = options.matches ?? matchesByFields;
  const parts: CollectionParts = {
    name,
    reference: options.reference ?? name,
    keyField: typeof key === "string" ? key : undefined,
    keyOf: (document) =>
      String(typeof key === "function" ? key(document as Document) : (document as Document)[key]),
    matches: (document, args) => matches(document as Document, args as Args),
    sort: sort && ((a, b) => sort(a as Document, b as Document)),
  };
  return { name, [PARTS]: parts };
}

function matchesByFields(document: object, args: unknown): boolean {
  const fields = document as Record<string, unknown>;
  return Object.entries(args ?? {}).every(
    ([name, value]) => !Object.hasOwn(fields, name) || sameValue(fields[name], value),
  );
}
