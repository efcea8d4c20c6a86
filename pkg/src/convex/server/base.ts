import { ConvexError, type Value } from "convex/values";
import { canonicalText } from "./canonical.js";

/** By what a client knows the data of a conflict from that of any other error. */
export const CONFLICT_TAG = "tabweave:conflict";

/**
 * How long the current document may be as JSON, in UTF-16 code units, to be told along with a conflict. Convex
 * documents no limit for the data of an error, but lets a function return no more than 16 MiB; this stays below that
 * whatever the text. As good as no document of 1 MiB, the most that a table holds, is longer.
 */
export const CURRENT_LENGTH_MAX = 4 * 1024 * 1024;

/**
 * What the `ConvexError` of {@link checkBase} carries as `data`. `current` is the document as it is now, `null` if it is
 * gone, and missing if it is longer than {@link CURRENT_LENGTH_MAX}: then the client has it from its query.
 */
export type Conflict = {
  code: "conflict";
  tag: typeof CONFLICT_TAG;
  message: string;
  current?: Value;
};

/** What the handler of a mutation is given: a query's `db` cannot write, and an action has none. */
export type WritingContext = { readonly db: { readonly patch: (...args: never[]) => unknown } };

/**
 * Makes sure that an edit is made on what the database holds, so that it overwrites nothing that its writer has not
 * seen. Called in the handler of a mutation with the document as it was just read there, and as the person saw it:
 *
 * ```ts
 * export const edit = once(mutation)({
 *   args: { base: schema.doc("tasks"), next: schema.doc("tasks") },
 *   handler: async (ctx, { base, next }) => {
 *     const task = checkBase(ctx, await ctx.db.get(base._id), base);
 *     await ctx.db.replace(task._id, next);
 *   },
 * });
 * ```
 *
 * Returns the document if the two are equal. If they are not, or it is gone, it throws a `ConvexError` with
 * {@link Conflict} as its data: nothing that the mutation did is kept, and `once` records nothing under its key, so the
 * edit can be sent again. What was read in the transaction cannot change before it is committed: Convex runs one of two
 * mutations at once again, and that one finds the conflict.
 *
 * All that Convex values tell apart counts, `_id` and `_creationTime` too. With `fields` only those are compared, and
 * `base` needs no others: for a mutation that writes some fields and does not mind the rest. If the query shows more
 * than the document, such as the name of its author, hand over what it would show now: the client takes `current` for
 * that. Of a conflict over another document than the edited one it takes no more than that there is one.
 */
export function checkBase<
  Document extends object,
  Field extends keyof Document & string = keyof Document & string,
>(
  _ctx: WritingContext,
  doc: Document | null,
  base: NoInfer<Pick<Document, Field>>,
  options: { readonly fields?: readonly Field[] } = {},
): Document {
  if (doc === null) throw conflict("The document is gone.", null);
  const fields = options.fields ?? [...new Set([...Object.keys(doc), ...Object.keys(base)])];
  const differing = fields.filter((field) => fieldText(doc, field) !== fieldText(base, field));
  if (differing.length === 0) return doc;
  throw conflict(`The document is not what the edit was made on: ${differing.join(", ")}.`, doc as Value);
}

/** The field as a text to compare; undefined if there is none, as Convex takes `undefined`. */
function fieldText(document: object, field: string): string | undefined {
  if (!Object.hasOwn(document, field)) return undefined;
  const value = (document as Record<string, Value | undefined>)[field];
  return value === undefined ? undefined : canonicalText(value);
}

function conflict(message: string, current: Value): ConvexError<Conflict> {
  const data: Conflict = { code: "conflict", tag: CONFLICT_TAG, message };
  const isShort = canonicalText(current).length <= CURRENT_LENGTH_MAX;
  const error = new ConvexError<Conflict>(isShort ? { ...data, current } : data);
  // By itself it would be all of the data, and what people wrote would be found in logs.
  error.message = message;
  return error;
}
