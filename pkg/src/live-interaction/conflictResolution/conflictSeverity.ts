import type { Severity } from "../../recovery/severity.js";
import { ConflictType } from "./conflictType.js";

/**
 * How much a conflict asks of a person. `low`: nothing, both sides can be kept. `medium`: to decide. `high`: to decide
 * before others go on, for they take their turns by it. `critical`: one side has removed what the other one holds.
 */
export const ConflictSeverity = {
  LOW: "low",
  MEDIUM: "medium",
  HIGH: "high",
  CRITICAL: "critical",
} as const satisfies Record<string, Severity>;

export type ConflictSeverity = Severity;

export const CONFLICT_SEVERITIES: readonly ConflictSeverity[] = Object.values(ConflictSeverity);

const PRESSING: ReadonlySet<ConflictType> = new Set<ConflictType>([
  ConflictType.INITIATIVE_CHANGE,
  ConflictType.PARTICIPANT_REMOVE,
  ConflictType.ACTION_RESOLUTION,
]);

export function severityOf(
  type: ConflictType,
  { isDecided, isRemoval }: { readonly isDecided: boolean; readonly isRemoval: boolean },
): ConflictSeverity {
  if (isDecided) return ConflictSeverity.LOW;
  if (isRemoval) return ConflictSeverity.CRITICAL;
  return PRESSING.has(type) ? ConflictSeverity.HIGH : ConflictSeverity.MEDIUM;
}
