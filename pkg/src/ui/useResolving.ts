"use client";

import { useCallback, useState } from "react";
import type { ConflictResolution } from "../merge/parked.js";

/** How far the answer to a conflict has come. */
export type Resolving<Document> =
  | { readonly phase: "open" | "saved" }
  | { readonly phase: "saving"; readonly resolution: ConflictResolution<Document> }
  | {
      readonly phase: "failed";
      readonly resolution: ConflictResolution<Document>;
      readonly error: unknown;
    };

export type OnResolve<Document> = (resolution: ConflictResolution<Document>) => Promise<unknown>;

/** Hands an answer over, once at a time, and says what became of it. */
export function useResolving<Document>(
  onResolve: OnResolve<Document>,
): readonly [Resolving<Document>, (resolution: ConflictResolution<Document>) => Promise<void>] {
  const [state, setState] = useState<Resolving<Document>>({ phase: "open" });
  const resolve = useCallback(
    async (resolution: ConflictResolution<Document>) => {
      setState({ phase: "saving", resolution });
      try {
        await onResolve(resolution);
        setState({ phase: "saved" });
      } catch (error) {
        setState({ phase: "failed", resolution, error });
      }
    },
    [onResolve],
  );
  return [state, resolve];
}
