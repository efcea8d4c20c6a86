"use client";

import { useSyncExternalStore } from "react";
import { NO_PEERS } from "../client/connectivity.js";
import type { PeersSnapshot } from "../client/snapshots.js";
import { useTabweave } from "./provider.js";

/** The tabs that are there. As long as a component shows them, one that crashed leaves within 3 s. */
export function usePeers(): PeersSnapshot {
  const { peers } = useTabweave();
  return useSyncExternalStore(peers.subscribe, peers.getSnapshot, () => NO_PEERS);
}
