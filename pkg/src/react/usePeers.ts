"use client";

import { useCallback, useMemo, useSyncExternalStore } from "react";
import { UNKNOWN_CONNECTIVITY } from "../client/connectivity.js";
import type { Peer } from "../client/snapshots.js";
import { useTabweave } from "./provider.js";

/** The tabs that are there. */
export interface Peers {
  /** This tab. */
  readonly self: Pick<Peer, "tab" | "leads">;
  /** The other tabs of this namespace and identity. */
  readonly peers: readonly Peer[];
  /** Whether another tab runs a newer version of Tabweave than this one: a reload brings it. */
  readonly updateAvailable: boolean;
}

/** The tabs that are there. As long as a visible component shows them, one that crashed leaves within 3 s. */
export function usePeers(): Peers {
  const client = useTabweave();
  const { connectivity } = client;
  const subscribe = useCallback(
    (listener: () => void) => {
      const unwatch = client.watchPeers();
      const unsubscribe = connectivity.subscribe(listener);
      return () => {
        unsubscribe();
        unwatch();
      };
    },
    [client, connectivity],
  );
  const { tab, role, peers, updateAvailable } = useSyncExternalStore(
    subscribe,
    connectivity.getSnapshot,
    () => UNKNOWN_CONNECTIVITY,
  );
  return useMemo(
    () => ({ self: { tab, leads: role === "leader" }, peers, updateAvailable }),
    [tab, role, peers, updateAvailable],
  );
}
