import type { Conflict } from "./conflict.js";
import { CONFLICT_SEVERITIES, type ConflictSeverity } from "./conflictSeverity.js";
import { CONFLICT_TYPES, type ConflictType } from "./conflictType.js";

/** How many conflicts are listed. */
export interface ConflictStats {
  total: number;
  resolved: number;
  active: number;
  byType: Record<ConflictType, number>;
  bySeverity: Record<ConflictSeverity, number>;
}

export function statsOf(active: readonly Conflict[], resolved: readonly Conflict[]): ConflictStats {
  const all = [...active, ...resolved];
  const count = <Key extends "type" | "severity">(key: Key, values: readonly Conflict[Key][]) =>
    Object.fromEntries(
      values.map((value) => [value, all.filter((conflict) => conflict[key] === value).length]),
    ) as Record<Conflict[Key], number>;
  return {
    total: all.length,
    resolved: resolved.length,
    active: active.length,
    byType: count("type", CONFLICT_TYPES),
    bySeverity: count("severity", CONFLICT_SEVERITIES),
  };
}
