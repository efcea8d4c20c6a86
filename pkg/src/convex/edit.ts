import { type FunctionReturnType, getFunctionName } from "convex/server";
import type { Collection } from "../definition/collection.js";
import { type Edit, type EditedDocument, editedDocument, editFrom } from "../definition/edit.js";
import type { OnSettled } from "../definition/settled.js";
import type { MergePolicy } from "../merge/policy.js";
import type { AnyMutation, CallerArgs } from "./arguments.js";
import { attempt } from "./attempt.js";
import type { ConvexCommonOptions, OnceOption } from "./operation.js";

/** What can be said of an edit besides whether it runs once. */
export interface ConvexEditFields<Mutation extends AnyMutation, Document extends object, Args>
  extends ConvexCommonOptions {
  /** The collection of the document. */
  readonly document: Collection<Document, Args>;
  /** The arguments with which the mutation is called. */
  readonly args: (edit: EditedDocument<Document>) => CallerArgs<Mutation>;
  /** Operations of one scope run one after another. By default all operations share one scope. */
  readonly scope?: string | ((id: string) => string);
  /** How an edit is merged with what others did meanwhile; see `policy` of `defineEdit`. */
  readonly policy?: MergePolicy<Document>;
  /** Called once over all tabs when an edit has come to its end; see `onSettled` of `defineOperation`. */
  readonly onSettled?: OnSettled<EditedDocument<Document>, FunctionReturnType<Mutation>>;
  /** Whether edits of one document that were not sent yet are sent as one; see `coalesce` of `defineEdit`. */
  readonly coalesce?: boolean;
}

export type ConvexEditOptions<Mutation extends AnyMutation, Document extends object, Args> = ConvexEditFields<
  Mutation,
  Document,
  Args
> &
  OnceOption<Mutation>;

/** An edit that calls a mutation of the Convex backend. */
export function convexEdit<Mutation extends AnyMutation, Document extends object, Args>(
  mutation: Mutation,
  options: ConvexEditOptions<Mutation, Document, Args>,
): Edit<Document, Args, FunctionReturnType<Mutation>> {
  const {
    name = getFunctionName(mutation),
    once = true,
    args,
    ...rest
  }: ConvexEditFields<Mutation, Document, Args> & { readonly once?: boolean } = options;
  return editFrom<Document, Args, FunctionReturnType<Mutation>>(name, {
    ...rest,
    idempotent: once,
    confirmedByKey: once,
    perform: (context) => {
      const given = args(editedDocument<Document>(context.body));
      return attempt(context, { reference: mutation, args: given, keyed: once });
    },
  });
}
