"use client";

import { useMemo, useRef, useState } from "react";
import type { ParkedConflict, ResolvedConflict } from "../merge/parked.js";
import {
  type ConflictDraft,
  conflictDraft,
  type DraftProgress,
  type DraftStep,
  draftAfter,
  draftProgress,
  draftResolution,
  type PartChoice,
  redrafted,
} from "../resolve/conflictDraft.js";
import { useEffectInPlace } from "./useEffectInPlace.js";

/** A decision in the making, and the steps a person can take. */
export interface ConflictDraftControl<Document> {
  readonly draft: ConflictDraft<Document>;
  readonly progress: DraftProgress;
  /** What becomes of the document as the draft stands. */
  readonly resolution: ResolvedConflict<Document>;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Takes a step; returns the draft after it. */
  readonly take: (step: DraftStep) => ConflictDraft<Document>;
  readonly choose: (part: string, choice: PartChoice) => ConflictDraft<Document>;
  readonly clear: (part: string) => ConflictDraft<Document>;
  readonly chooseAll: (side: "local" | "server") => ConflictDraft<Document>;
  readonly undo: () => ConflictDraft<Document>;
  readonly redo: () => ConflictDraft<Document>;
}

/** The state behind `<ConflictResolver>`, without a look: for a screen of your own. */
export function useConflictDraft<Document>(
  conflict: ParkedConflict<Document>,
): ConflictDraftControl<Document> {
  const [kept, keep] = useState(() => conflictDraft(conflict));
  const draft = redrafted(kept, conflict);
  // While rendering, so that choices of another conflict are never shown for this one.
  if (draft !== kept) keep(draft);
  // Several steps may be taken before it is rendered again.
  const latest = useRef(draft);
  useEffectInPlace(() => {
    latest.current = draft;
  }, [draft]);
  return useMemo(() => {
    const take = (step: DraftStep) => {
      latest.current = draftAfter(latest.current, step);
      keep(latest.current);
      return latest.current;
    };
    return {
      draft,
      progress: draftProgress(draft),
      resolution: draftResolution(draft),
      canUndo: draft.past.length > 0,
      canRedo: draft.future.length > 0,
      take,
      choose: (part, choice) => take({ type: "choose", part, choice }),
      clear: (part) => take({ type: "clear", part }),
      chooseAll: (side) => take({ type: "chooseAll", side }),
      undo: () => take({ type: "undo" }),
      redo: () => take({ type: "redo" }),
    };
  }, [draft]);
}
