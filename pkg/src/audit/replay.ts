import { type Part, placed } from "./place.js";
import type { AuditEntry } from "./types.js";

/** What a document is after the decisions of a trail. */
export interface Replayed extends Part {
  /** Entries that could not be followed: only a hash was kept (`hash`), or the document has no such place (`nowhere`). */
  readonly skipped: ReadonlyArray<{ readonly number: number; readonly why: "hash" | "nowhere" }>;
}

/**
 * Follows the decisions about one document, oldest first, from what it was before the first of them. At each place that
 * the trail speaks of, the document is then what was last decided there. What only one side changed was no decision, so
 * it is in no entry: where that matters, begin with a later version of the document, and with the entries after it.
 */
export function replayAudit(base: Part, entries: readonly AuditEntry[]): Replayed {
  const skipped: Array<{ number: number; why: "hash" | "nowhere" }> = [];
  let document = base;
  for (const { number, path, result = {} } of entries) {
    const next = "hash" in result ? undefined : placed(document, path, result);
    if (next === undefined) skipped.push({ number, why: "hash" in result ? "hash" : "nowhere" });
    document = next ?? document;
  }
  return { ...document, skipped };
}
