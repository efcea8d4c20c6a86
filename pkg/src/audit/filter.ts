import type { AuditEntry } from "./types.js";

/** Which entries are wanted; what is left out does not matter. */
export interface AuditFilter {
  readonly collection?: string | undefined;
  /** The document's key. */
  readonly document?: string | undefined;
  /** Not before this, in milliseconds since 1970. */
  readonly fromMs?: number | undefined;
  /** Before this. */
  readonly untilMs?: number | undefined;
}

/** The entries that are wanted, in their order. They are no chain any more: some are missing. */
export function filterAudit(entries: readonly AuditEntry[], filter: AuditFilter): AuditEntry[] {
  const {
    collection,
    document,
    fromMs = Number.NEGATIVE_INFINITY,
    untilMs = Number.POSITIVE_INFINITY,
  } = filter;
  return entries.filter(
    (entry) =>
      (collection === undefined || entry.collection === collection) &&
      (document === undefined || entry.document === document) &&
      entry.atMs >= fromMs &&
      entry.atMs < untilMs,
  );
}
