"use client";

import { useCallback, useMemo, useRef, useSyncExternalStore } from "react";

/**
 * What `select` makes of a snapshot, as a value that keeps its reference as long as nothing in it changed,
 * also when `select` is another function on every render.
 */
export function useSelection<Snapshot, Selection>(
  subscribe: (listener: () => void) => () => void,
  read: () => Snapshot,
  readOnServer: () => Snapshot,
  select: (snapshot: Snapshot) => Selection,
): Selection {
  const previous = useRef<{ selection: Selection } | undefined>(undefined);
  const selected = useMemo(() => {
    let last: { snapshot: Snapshot; selection: Selection } | undefined;
    return (snapshot: Snapshot): Selection => {
      if (last?.snapshot === snapshot) return last.selection;
      const selection = select(snapshot);
      const kept = previous.current;
      last = {
        snapshot,
        selection: kept && sameParts(kept.selection, selection) ? kept.selection : selection,
      };
      previous.current = last;
      return last.selection;
    };
  }, [select]);
  return useSyncExternalStore(
    subscribe,
    useCallback(() => selected(read()), [selected, read]),
    useCallback(() => selected(readOnServer()), [selected, readOnServer]),
  );
}

/** Whether two values are the same, or two lists or objects have the same parts. */
function sameParts(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const prototype = Object.getPrototypeOf(a);
  if (prototype !== Object.getPrototypeOf(b)) return false;
  if (prototype !== Object.prototype && prototype !== Array.prototype) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every(
      (name) =>
        Object.hasOwn(b, name) &&
        Object.is((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]),
    )
  );
}
