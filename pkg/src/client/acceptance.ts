import { rejected } from "../deferred.js";
import type { CallOptions } from "../definition/operation.js";
import type { CollectionParts, Definition } from "../definition/parts.js";
import { termsOf } from "../definition/terms.js";
import type { JournalRecord, OperationBody } from "../engine/binding.js";
import { isTabweaveError, TabweaveError } from "../errors/error.js";
import { placeholderOf } from "../placeholder.js";
import { check, checkDefinitions, checkText } from "./check.js";
import { cloned } from "./cloneable.js";
import type { DiagnosticLog } from "./diagnostics.js";
import type { Queries } from "./queries.js";
import { type Session, storageError } from "./session.js";
import type { MutationHandle } from "./types.js";

/** Accepts what a person did: shows it and writes it down in the task of the call. */
export function accept(
  session: Session,
  id: string,
  definition: Definition,
  argument: unknown,
  options: CallOptions = {},
): MutationHandle<unknown> {
  const { settlements, journal, rooms, secrets } = session;
  const { stored, settled } = settlements.open(id);
  try {
    if (options.signal?.aborted) throw new TabweaveError("cancelled", { cause: options.signal.reason });
    const record = secrets.hide(recordOf(session, id, definition, argument, options));
    // Throws what the optimistic function threw, or the engine's refusal.
    session.use((core) => core.mutate(record));
    // Of what is sensitive they keep no more than that it was called.
    const { sensitive } = record.terms ?? {};
    const { written, durability = "memory" } = journal.append(record);
    if (durability === "memory") session.use((core) => core.flush?.());
    // What the journal cannot take, the engine's store may.
    const persisted = sensitive
      ? rejected(new TabweaveError("sensitive_operation"))
      : written.promise.catch((cause: unknown) =>
          stored.promise.catch(() => {
            throw storageError(cause);
          }),
        );
    // Whoever awaits the promise still gets the rejection.
    persisted.catch(() => {});
    options.signal?.addEventListener("abort", () => session.use((core) => core.wish(id, "cancel")));
    return {
      id,
      placeholder: placeholderOf(id),
      durability: sensitive ? "memory" : durability,
      persisted,
      settled: settled.promise,
    };
  } catch (thrown) {
    settlements.forget(id);
    secrets.release(id);
    const isOurs = isTabweaveError(thrown) && !rooms.optimism.threw(thrown);
    const error = isOurs ? thrown : new TabweaveError("optimistic_threw", { cause: thrown });
    const isSensitive = rooms.handlers.find((definition as Definition | null)?.name ?? "")?.terms.sensitive;
    return refused(rooms.diagnostics, error, id, isSensitive && new TabweaveError(error.code));
  }
}

function recordOf(
  { rooms, source }: Session,
  id: string,
  definition: Definition,
  argument: unknown,
  options: CallOptions,
): JournalRecord {
  checkDefinitions([definition]);
  const { name, collection, repeatable, confirmedByKey, terms, scopeOf } = rooms.handlers.current(definition);
  const body =
    collection === undefined
      ? ({ kind: "intent", arguments: cloned(argument, "args") } as const)
      : editOf(rooms.queries, collection, argument);
  return {
    schema: 1,
    id,
    name,
    body,
    // What waits for a document stays in one line with what is done to it once it has its id.
    scope: scopeOf(rooms.placeholders.replace(body, rooms.placeholders.keys)),
    repeatable,
    confirmedByKey: confirmedByKey && source?.knowsKeys === true,
    terms: { ...terms, ...termsOf(options) },
    acceptedMs: Date.now(),
  };
}

function editOf(queries: Queries, collection: CollectionParts, argument: unknown): OperationBody {
  const { id, next, args } = (argument ?? {}) as { id: string; next: unknown; args?: unknown };
  checkText(id, "id");
  check(typeof next === "object" && next !== null, "next");
  const base = queries.find(collection, id, args);
  if (base === undefined) throw new TabweaveError("document_not_loaded");
  return { kind: "edit", collection: collection.name, document: id, base, next: cloned(next, "next") };
}

/** The handle of a call that was refused: nothing of it is stored. `told`: what others than the caller are told. */
export function refused(
  diagnostics: DiagnosticLog,
  error: TabweaveError,
  id: string,
  told?: TabweaveError | false,
): MutationHandle<never> {
  const promise = rejected(error);
  diagnostics.add(told || error, id);
  return { id, placeholder: placeholderOf(id), durability: "memory", persisted: promise, settled: promise };
}
