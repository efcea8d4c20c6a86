/**
 * Conflict resolution for apps that had a module of their own for it: its names, over the client of the page.
 *
 * @module
 */
export type { InteractionId, Open } from "../open.js";
export type { AuditAction, AuditEntry } from "./auditLog.js";
export type { Conflict, ConflictDetectionResult } from "./conflict.js";
export {
  ConflictResolutionManager,
  type ConflictResolutionOptions,
  type ConflictsState,
} from "./conflictResolutionManager.js";
export { ConflictSeverity } from "./conflictSeverity.js";
export type { ConflictStats } from "./conflictStats.js";
export { ConflictType } from "./conflictType.js";
export { connectConflictResolution } from "./connected.js";
export type { ArgumentOf } from "./connectedOperations.js";
export type { MergeStrategy } from "./mergeStrategy.js";
export type { ConflictState, Register } from "./register.js";
export type { ConflictResolution, GivenMethod, ResolutionMethod } from "./resolution.js";
export {
  conflictResolutionManager,
  createInitiativeConflict,
  createParticipantConflict,
  createStatusConflict,
} from "./singleton.js";
export { type ConflictResolutionView, useConflictResolution } from "./useConflictResolution.js";
