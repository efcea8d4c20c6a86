"use client";

import { useMemo, useSyncExternalStore } from "react";
import { EMPTY_OUTBOX } from "../client/outbox.js";
import type { OutboxSnapshot } from "../client/snapshots.js";
import { useTabweave } from "./provider.js";

/** All known operations, and what a person can do about them. */
export interface Outbox extends OutboxSnapshot {
  /** Tries an operation again that is dead or parked; true if it could be. */
  readonly retry: (id: string) => boolean;
  /** Withdraws an operation that is not on its way; true if it could be. */
  readonly cancel: (id: string) => boolean;
}

export function useOutbox(): Outbox {
  const client = useTabweave();
  const { outbox } = client;
  const snapshot = useSyncExternalStore(outbox.subscribe, outbox.getSnapshot, () => EMPTY_OUTBOX);
  return useMemo(
    () => ({
      ...snapshot,
      retry: (id: string) => client.retry(id),
      cancel: (id: string) => client.cancel(id),
    }),
    [client, snapshot],
  );
}
