"use client";

import { useSyncExternalStore } from "react";
import { UNKNOWN_CONNECTIVITY } from "../client/connectivity.js";
import type { ConnectivitySnapshot } from "../client/snapshots.js";
import { useTabweave } from "./provider.js";

/** Whether the server is reached, this tab's role, and the other tabs. */
export function useConnectivity(): ConnectivitySnapshot {
  const { connectivity } = useTabweave();
  return useSyncExternalStore(connectivity.subscribe, connectivity.getSnapshot, () => UNKNOWN_CONNECTIVITY);
}
