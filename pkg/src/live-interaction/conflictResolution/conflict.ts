import type { InteractionId } from "../open.js";
import type { ConflictSeverity } from "./conflictSeverity.js";
import type { ConflictType } from "./conflictType.js";
import type { ConflictState } from "./register.js";
import type { ConflictResolution } from "./resolution.js";

/** Two states of the same thing. Not changed once it was given out: what becomes of it is another object of the same id. */
export interface Conflict {
  /** Of an edit that waits in the client: the id of its operation. */
  id: string;
  type: ConflictType;
  severity: ConflictSeverity;
  interactionId: InteractionId;
  serverState: ConflictState;
  clientState: ConflictState;
  /** When it was detected, or the edit was made, in milliseconds since 1970. */
  timestamp: number;
  /** A sentence for people. */
  description: string;
  /** Whether both sides can be kept: `merge` decides everything. */
  autoResolvable: boolean;
  resolved: boolean;
  resolution?: ConflictResolution;
}

/** What came of comparing two states. */
export interface ConflictDetectionResult {
  hasConflict: boolean;
  /** None, or one. */
  conflicts: Conflict[];
  /** Whether it is resolved, at once or because these states were told before: `conflicts[0].resolution` says how. */
  autoResolved: boolean;
  /** Whether somebody has to decide. */
  requiresManualResolution: boolean;
}

/** Of one conflict, or of none. */
export function resultOf(conflict?: Conflict): ConflictDetectionResult {
  return {
    hasConflict: conflict !== undefined,
    conflicts: conflict === undefined ? [] : [conflict],
    autoResolved: conflict?.resolved ?? false,
    requiresManualResolution: conflict !== undefined && !conflict.resolved,
  };
}
