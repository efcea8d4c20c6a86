import { useEffect, useRef } from "react";
import { useTabweave } from "tabweave/react";
import { describe, reasonOf } from "../operations/describe.js";
import type { Interaction } from "../operations/interactions.js";
import { announce } from "./announcements.js";

/** Announces what the server refuses, at the moment it does, in whichever tab it was asked for. */
export function useRefusalAnnouncements(scenes: readonly Interaction[] | undefined): void {
  const client = useTabweave();
  const named = useRef(scenes);
  useEffect(() => {
    named.current = scenes;
  }, [scenes]);
  useEffect(
    () =>
      client.onSettledAnywhere(({ id, state, error }) => {
        const entry = client.outbox.getSnapshot().operations.find((operation) => operation.id === id);
        if (state !== "dead" || entry === undefined) return;
        announce(`Refused: ${describe(entry, named.current ?? [], client)}. ${reasonOf(error)}`, {
          urgent: true,
        });
      }),
    [client],
  );
}
