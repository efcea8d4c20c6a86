"use client";

import { useMemo, useSyncExternalStore } from "react";
import type { DeadLetter } from "../client/deadLetter.js";
import { EMPTY_OUTBOX } from "../client/outbox.js";
import { useTabweave } from "./provider.js";

/** The dead letters of this browser, whichever tab their operations were called in, the oldest first. */
export function useDeadLetters(): readonly DeadLetter[] {
  const client = useTabweave();
  const { outbox } = client;
  const { dead } = useSyncExternalStore(outbox.subscribe, outbox.getSnapshot, () => EMPTY_OUTBOX);
  return useMemo(
    () =>
      dead.flatMap((entry) => {
        const { id, state } = entry;
        if (state !== "dead") return [];
        const retry = () => client.retry(id);
        const edit = (args: unknown) => client.edit(id, args);
        const discard = () => client.withdraw(id);
        return [{ ...entry, state, retry, edit, discard }];
      }),
    [client, dead],
  );
}
