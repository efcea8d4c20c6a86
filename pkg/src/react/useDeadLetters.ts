"use client";

import { useMemo, useSyncExternalStore } from "react";
import { type DeadLetter, letterOf } from "../client/deadLetter.js";
import { EMPTY_OUTBOX } from "../client/outbox.js";
import { useTabweave } from "./provider.js";

/** The dead letters of this browser, whichever tab their operations were called in, the oldest first. */
export function useDeadLetters(): readonly DeadLetter[] {
  const client = useTabweave();
  const { outbox } = client;
  const { dead } = useSyncExternalStore(outbox.subscribe, outbox.getSnapshot, () => EMPTY_OUTBOX);
  return useMemo(
    () => dead.filter(({ state }) => state === "dead").map((entry) => letterOf(client, entry)),
    [client, dead],
  );
}
