"use client";

import { useMemo, useSyncExternalStore } from "react";
import type { Conflict } from "./conflict.js";
import { type ConflictResolutionManager, INITIAL_STATE } from "./conflictResolutionManager.js";
import type { ConflictStats } from "./conflictStats.js";
import {
  createInitiativeConflict,
  createParticipantConflict,
  createStatusConflict,
  conflictResolutionManager as manager,
} from "./singleton.js";

/** The conflicts that wait, and what `conflictResolutionManager` can do, as functions that stay the same. */
export interface ConflictResolutionView
  extends Pick<
    ConflictResolutionManager,
    "resolveConflict" | "getConflict" | "clearResolvedConflicts" | "getAuditLog"
  > {
  activeConflicts: Conflict[];
  stats: ConflictStats;
  createStatusConflict: typeof createStatusConflict;
  createInitiativeConflict: typeof createInitiativeConflict;
  createParticipantConflict: typeof createParticipantConflict;
}

const controls: Omit<ConflictResolutionView, "activeConflicts" | "stats"> = {
  resolveConflict: manager.resolveConflict.bind(manager),
  getConflict: manager.getConflict.bind(manager),
  clearResolvedConflicts: manager.clearResolvedConflicts.bind(manager),
  getAuditLog: manager.getAuditLog.bind(manager),
  createStatusConflict,
  createInitiativeConflict,
  createParticipantConflict,
};

const subscribe = (listener: () => void) => manager.subscribe(listener);
const getState = () => manager.getState();
const getServerState = () => INITIAL_STATE;

/**
 * The conflicts that wait for a person, and what to do about them. The client is made before the component is mounted. On
 * a server and during hydration nothing is known.
 */
export function useConflictResolution(): ConflictResolutionView {
  const state = useSyncExternalStore(subscribe, getState, getServerState);
  return useMemo(() => ({ ...state, ...controls }), [state]);
}
