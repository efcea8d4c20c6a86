import type { Open } from "../open.js";

/** How many entries are kept to be read. */
const AUDIT_ENTRIES_MAX = 1_000;

/** What is done with conflicts. */
export type AuditAction =
  | "conflict_detected"
  | "conflict_updated"
  | "conflict_resolved"
  | "conflict_auto_resolved"
  | "conflict_dissolved"
  | "conflict_dropped"
  | "resolution_refused"
  | "resolution_failed"
  | "strategy_failed"
  | "merge_failed"
  | "resolved_conflicts_cleared";

/** Something that was done. It names conflicts, parts, methods and codes, and has no states in it. */
export interface AuditEntry {
  /** When, in milliseconds since 1970. */
  timestamp: number;
  action: AuditAction;
  details: Open;
}

/** The last things that were done with conflicts in this page, the newest last. In memory only. */
export class AuditLog {
  readonly #entries: AuditEntry[] = [];

  add(action: AuditAction, details: Readonly<Record<string, unknown>>): void {
    this.#entries.push({ timestamp: Date.now(), action, details });
    if (this.#entries.length > AUDIT_ENTRIES_MAX) this.#entries.shift();
  }

  last(limit: number): AuditEntry[] {
    // From the end; `slice(-0)` would be all of them.
    return this.#entries.slice(Math.max(0, this.#entries.length - limit));
  }
}
