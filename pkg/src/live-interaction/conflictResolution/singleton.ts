import type { ConflictDetectionResult } from "./conflict.js";
import { ConflictResolutionManager } from "./conflictResolutionManager.js";
import { ConflictType } from "./conflictType.js";

/** The conflicts of this page, over its only client or the one given to `connectConflictResolution`. */
export const conflictResolutionManager = new ConflictResolutionManager();

/** Compares two states of an interaction's status, the server's first. */
export function createStatusConflict(
  interactionId: string,
  serverState: unknown,
  clientState: unknown,
): ConflictDetectionResult {
  return conflictResolutionManager.detectConflict(
    interactionId,
    serverState,
    clientState,
    ConflictType.STATUS_UPDATE,
  );
}

/** Compares two states of an interaction's order of turns, the server's first. */
export function createInitiativeConflict(
  interactionId: string,
  serverState: unknown,
  clientState: unknown,
): ConflictDetectionResult {
  return conflictResolutionManager.detectConflict(
    interactionId,
    serverState,
    clientState,
    ConflictType.INITIATIVE_CHANGE,
  );
}

/** Compares two states of a participant, or of the list of them, the server's first. */
export function createParticipantConflict(
  interactionId: string,
  serverState: unknown,
  clientState: unknown,
  type: ConflictType,
): ConflictDetectionResult {
  return conflictResolutionManager.detectConflict(interactionId, serverState, clientState, type);
}
