import type { JournalRecord } from "../engine/binding.js";
import type { OutboxEntry } from "./snapshots.js";

/** An operation as a page may list it before anything became of it. */
export function detailsOf(
  { id, name, body, scope, terms }: Pick<JournalRecord, "id" | "name" | "body" | "scope" | "terms">,
  acceptedAt: number,
): OutboxEntry {
  const isEdit = body.kind === "edit";
  return {
    id,
    key: id,
    name,
    state: "queued",
    why: undefined,
    scope,
    behind: undefined,
    priority: terms?.priority ?? "medium",
    attempts: 0,
    firstAttemptAt: undefined,
    inDoubt: false,
    acceptedAt,
    retryAt: undefined,
    sensitive: terms?.sensitive ?? false,
    args: isEdit ? undefined : body.arguments,
    document: isEdit ? { collection: body.collection, id: body.document } : undefined,
    result: undefined,
    error: undefined,
    mergedInto: undefined,
  };
}
