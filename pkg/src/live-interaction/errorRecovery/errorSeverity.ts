import type { Severity } from "../../recovery/severity.js";

/** How much a failure asks of a person; see `Severity` of `tabweave/recovery`. */
export const ErrorSeverity = {
  LOW: "low",
  MEDIUM: "medium",
  HIGH: "high",
  CRITICAL: "critical",
} as const satisfies Record<string, Severity>;

export type ErrorSeverity = Severity;
