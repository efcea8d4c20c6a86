import { check, checkCollection } from "../client/check.js";
import type { OperationBody } from "../engine/binding.js";
import { mergedForDisplay } from "../engine/load.js";
import { type MergePolicy, POLICY, type PolicyParts } from "../merge/policy.js";
import { sameValue } from "../token.js";
import type { Transaction } from "../transaction.js";
import type { Collection } from "./collection.js";
import { type CommonOptions, commonParts, DEFAULT_SCOPE, withOptions } from "./operation.js";
import {
  type AttemptContext,
  type AttemptOutcome,
  type Definition,
  type DefinitionParts,
  PARTS,
} from "./parts.js";
import { type OnSettled, toldOf } from "./settled.js";

declare const CHANGE: unique symbol;

/** A new value of one document, recorded with the value it replaces. */
export interface Edit<Document extends object, Args, Result> extends Definition {
  readonly kind: "edit";
  readonly [CHANGE]?: (change: DocumentChange<Document, Args>) => Result;
}

/** What a person wants a document to be. */
export interface DocumentChange<Document extends object, Args> {
  /** The document's key. */
  readonly id: string;
  /** The whole document as it should be. */
  readonly next: Document;
  /** The arguments of the query that shows it; without them the first loaded one that does. */
  readonly args?: Args;
}

/** The edit as it is sent. */
export interface EditedDocument<Document extends object> {
  readonly id: string;
  /** The document as the person saw it. */
  readonly base: Document;
  readonly next: Document;
  /** The top-level fields in which the two differ. */
  readonly changed: ReadonlyArray<keyof Document & string>;
}

/** What `run` of an edit is given. */
export interface EditContext<Document extends object> extends EditedDocument<Document> {
  /** The idempotency key: the same one on every attempt, until the edit was merged with what the server holds. */
  readonly key: string;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  /** Aborted when the attempt has taken too long, or the client is closed. */
  readonly signal: AbortSignal;
}

export interface EditOptions<Document extends object, Args, Result> extends CommonOptions {
  /** The collection of the document. */
  readonly document: Collection<Document, Args>;
  /** Calls the server. */
  run(context: EditContext<Document>): Result | Promise<Result>;
  /** Operations of one scope run one after another. By default all operations share one scope. */
  readonly scope?: string | ((id: string) => string);
  /**
   * How an edit is merged with what others did to the document meanwhile; see `mergePolicy` of `tabweave/merge`. Without
   * one moments, lists, status and objects have their usual rules, and everything else that both changed is a conflict.
   */
  readonly policy?: MergePolicy<Document>;
  /** Called once over all tabs when an edit has come to its end, as `onSettled` of operations is. */
  readonly onSettled?: OnSettled<EditedDocument<Document>, Result>;
  /**
   * Whether edits of one document that stand next to each other in their scope and were not sent yet are sent as one, the
   * first of them; the calls of all of them end as that one does. Default: false.
   */
  readonly coalesce?: boolean;
}

/** Describes a way to edit documents. The name finds the functions of stored edits: keep it. */
export function defineEdit<Document extends object, Args = void, Result = unknown>(
  name: string,
  options: EditOptions<Document, Args, Result>,
): Edit<Document, Args, Result> {
  check(typeof options?.run === "function", "run");
  checkCollection(options.document);
  return editFrom<Document, Args, Result>(name, {
    ...options,
    perform: ({ body, key, attempt, signal, outcomeOf }) =>
      outcomeOf(options.classify, () =>
        options.run({ ...editedDocument<Document>(body), key, attempt, signal }),
      ),
  });
}

/** What every way to define an edit comes down to. */
export interface EditBlueprint<Document extends object, Args, Result>
  extends Omit<CommonOptions, "classify"> {
  readonly onSettled?: OnSettled<EditedDocument<Document>, Result> | undefined;
  readonly coalesce?: boolean | undefined;
  readonly policy?: MergePolicy<Document> | undefined;
  readonly document: Collection<Document, Args>;
  readonly scope?: string | ((id: string) => string);
  readonly perform: (context: AttemptContext) => Promise<AttemptOutcome>;
}

export function editFrom<Document extends object, Args, Result>(
  name: string,
  {
    document,
    scope = DEFAULT_SCOPE,
    onSettled,
    coalesce,
    policy,
    perform,
    ...common
  }: EditBlueprint<Document, Args, Result>,
): Edit<Document, Args, Result> {
  const parts: DefinitionParts = {
    ...withOptions(commonParts(name, common), {
      onSettled: toldOf(onSettled, (body) => editedDocument<Document>(body)),
      coalesce: coalesce ? coalescedEdit : undefined,
    }),
    collection: document[PARTS],
    policy: policy?.[POLICY],
    scopeOf: (body) => (typeof scope === "string" ? scope : scope(editedDocument(body).id)),
    optimistic: (tx, body) => showEdit(tx, document, editedDocument<Document>(body), policy?.[POLICY]),
    perform,
  };
  return { kind: "edit", name, [PARTS]: parts };
}

/** From what the first person saw to what the last one wants. */
function coalescedEdit(older: OperationBody, newer: OperationBody): OperationBody | undefined {
  if (older.kind !== "edit" || newer.kind !== "edit") return undefined;
  return older.document === newer.document ? { ...newer, base: older.base } : undefined;
}

/**
 * Shows the edit over the document as it is now: merged with what others did, and as this person wants it where nobody has
 * decided. As long as there is no engine to merge, the changed fields are laid over it.
 */
function showEdit<Document extends object, Args>(
  tx: Transaction,
  collection: Collection<Document, Args>,
  { id, base, next, changed }: EditedDocument<Document>,
  policy: PolicyParts | undefined,
): void {
  tx.update(collection, id, (current) => {
    const merged = mergedForDisplay({ base, local: next, server: current }, policy, tx.now);
    if (merged !== undefined) return merged as Document;
    const shown = { ...current };
    for (const field of changed) {
      if (Object.hasOwn(next, field)) shown[field] = next[field];
      else delete shown[field];
    }
    return shown;
  });
}

export function editedDocument<Document extends object>(body: OperationBody): EditedDocument<Document> {
  // The engine gives an edit's functions edits only; its codec checked the record.
  const { document: id, base, next } = body as Extract<OperationBody, { kind: "edit" }>;
  return {
    id,
    base: base as Document,
    next: next as Document,
    changed: changedFields(base as Document, next as Document),
  };
}

/** The top-level fields in which two documents differ. */
export function changedFields<Document extends object>(
  base: Document,
  next: Document,
): Array<keyof Document & string> {
  const fields = new Set([...Object.keys(base), ...Object.keys(next)] as Array<keyof Document & string>);
  return [...fields].filter(
    (field) =>
      Object.hasOwn(base, field) !== Object.hasOwn(next, field) || !sameValue(base[field], next[field]),
  );
}
