import type { TabweaveErrorCode } from "../errors/codes.js";
import type { ErrorClass } from "./classes.js";

/**
 * How much a failure asks of a person. `low`: nothing, it passes. `medium`: to change or repeat what was done.
 * `high`: to do something else first, as to sign in. `critical`: what was done may be lost.
 */
export type Severity = "low" | "medium" | "high" | "critical";

const OF_CLASSES: { readonly [Class in ErrorClass]: Severity } = {
  network: "low",
  timeout: "low",
  rate_limited: "low",
  unavailable: "medium",
  authentication: "high",
  authorization: "medium",
  conflict: "medium",
  validation: "medium",
  rejected: "medium",
  unknown: "high",
};

const OF_CODES: ReadonlyMap<string, Severity> = new Map<TabweaveErrorCode, Severity>([
  ["aborted", "low"],
  ["attempts_exhausted", "medium"],
  ["cancelled", "low"],
  ["channel_missing", "low"],
  ["convex_fatal", "high"],
  ["convex_warning", "low"],
  ["depends_on_failed", "medium"],
  ["duplicate_operation", "low"],
  ["engine_crashed", "critical"],
  ["expired", "medium"],
  ["fence_lost", "low"],
  ["leader_silent", "low"],
  ["locks_missing", "low"],
  ["message_unsendable", "low"],
  ["no_handler", "medium"],
  ["orphans_unreadable", "low"],
  ["outbox_full", "critical"],
  ["outcome_unknown", "high"],
  ["outcomes_unavailable", "low"],
  ["page_gone", "medium"],
  ["protocol_mismatch", "low"],
  ["record_unreadable", "low"],
  ["retryable", "low"],
  ["sensitive_operation", "low"],
  ["set_aside", "low"],
  ["storage_failed", "critical"],
  ["storage_memory", "critical"],
  ["storage_quota", "critical"],
  ["storage_stalled", "medium"],
  ["store_lost", "critical"],
  ["wasm_unavailable", "critical"],
]);

/** How much a failure of this class asks of a person; the code of a TabweaveError may say more. */
export function severityOf(found: ErrorClass, code?: TabweaveErrorCode): Severity {
  return (code && OF_CODES.get(code)) ?? OF_CLASSES[found];
}
