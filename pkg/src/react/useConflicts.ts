"use client";

import { useMemo, useSyncExternalStore } from "react";
import { NO_CONFLICTS } from "../client/conflicts.js";
import type { ConflictResolution, ParkedConflict } from "../merge/parked.js";
import { useTabweave } from "./provider.js";

/** Edits that wait for a person, and how a person ends that. */
export interface ConflictsView {
  /** In the order in which they were made. The same list until it changes. */
  readonly conflicts: readonly ParkedConflict[];
  /** See `client.conflicts.resolve()`. */
  readonly resolve: (id: string, resolution: ConflictResolution) => Promise<void>;
}

/** Edits that contradict what the server holds and that no rule decides, the same in all tabs. */
export function useConflicts(): ConflictsView {
  const { conflicts: room } = useTabweave();
  const conflicts = useSyncExternalStore(room.subscribe, room.getSnapshot, () => NO_CONFLICTS);
  return useMemo(() => ({ conflicts, resolve: room.resolve }), [room, conflicts]);
}
