"use client";

import { type RefObject, useCallback, useRef, useState } from "react";
import {
  type ConflictDraft,
  type DraftPart,
  draftProgress,
  type PartChoice,
} from "../resolve/conflictDraft.js";
import type { ConflictMessages, Wording } from "./messages.js";
import type { ConflictDraftControl } from "./useConflictDraft.js";
import { stateOf } from "./words.js";

interface Decisions {
  /** What was done last, to be read aloud. */
  readonly said: string;
  readonly keepElement: (part: string, element: HTMLElement | null) => void;
  readonly decide: (part: DraftPart, choice: PartChoice | undefined) => void;
  readonly decideAll: (side: "local" | "server") => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Goes on to what is undecided, and says how much that is; false if nothing is. */
  readonly remind: () => boolean;
}

/** Steps of the draft that are said, and lead the focus on to what is still to be decided, and in the end to `save`. */
export function useDecisions(
  { draft, take }: ConflictDraftControl<unknown>,
  save: RefObject<HTMLElement | null>,
  labelOf: (part: DraftPart) => string,
  messages: ConflictMessages,
  wording: Wording,
): Decisions {
  const [said, say] = useState("");
  const elements = useRef(new Map<string, HTMLElement>());
  const keepElement = useCallback((part: string, element: HTMLElement | null) => {
    if (element) elements.current.set(part, element);
    else elements.current.delete(part);
  }, []);
  const progress = (of: ConflictDraft) => messages.progress(draftProgress(of), wording);
  const goOn = (of: ConflictDraft, after: string | undefined) => {
    const next = undecidedAfter(of, after);
    (next ? elements.current.get(next.key) : save.current)?.focus();
  };
  const step = (type: "undo" | "redo", words: (about: { progress: string }) => string) => {
    const next = take({ type });
    if (next !== draft) say(words({ progress: progress(next) }));
  };
  return {
    said,
    keepElement,
    decide: (part, choice) => {
      const next = take(
        choice ? { type: "choose", part: part.key, choice } : { type: "clear", part: part.key },
      );
      const state = messages.states[stateOf(part, next.choices.get(part.key))];
      say(messages.chosen({ part: labelOf(part), state, progress: progress(next) }));
      // Whoever changes their mind about a part stays there.
      const isNew = part.why !== undefined && !draft.choices.has(part.key);
      if (choice && isNew) goOn(next, part.key);
    },
    decideAll: (side) => {
      const next = take({ type: "chooseAll", side });
      const state = messages.states[side === "local" ? "mine" : "theirs"];
      say(messages.allChosen({ state, progress: progress(next) }));
      goOn(next, undefined);
    },
    undo: () => step("undo", messages.undone),
    redo: () => step("redo", messages.redone),
    remind: () => {
      const { decided, total } = draftProgress(draft);
      if (decided === total) return false;
      say(messages.stillOpen({ open: total - decided }, wording));
      goOn(draft, undefined);
      return true;
    },
  };
}

/** The next part that is undecided, from the top again behind the last one. */
function undecidedAfter({ parts, choices }: ConflictDraft, key: string | undefined): DraftPart | undefined {
  const at = parts.findIndex((part) => part.key === key);
  const inTurn = [...parts.slice(at + 1), ...parts.slice(0, at + 1)];
  return inTurn.find((part) => part.why !== undefined && !choices.has(part.key));
}
