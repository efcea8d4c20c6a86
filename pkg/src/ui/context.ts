"use client";

import { createContext, useContext } from "react";
import type { ParkedConflict } from "../merge/parked.js";
import type { Path } from "../merge/types.js";
import type { ConflictDraft, DraftPart, PartChoice } from "../resolve/conflictDraft.js";
import type { ConflictMessages, Wording } from "./messages.js";

/** What all parts of one resolver share. */
export interface Resolver {
  readonly conflict: ParkedConflict;
  readonly draft: ConflictDraft;
  readonly messages: ConflictMessages;
  readonly wording: Wording;
  /** How a part is called, a word for each step towards it. */
  readonly labelsOf: (path: Path) => readonly string[];
  readonly formatValue: ((value: unknown, path: Path) => string | undefined) | undefined;
  /** The element of headings of parts. */
  readonly Heading: "h2" | "h3" | "h4" | "h5" | "h6";
  /** While an answer is on its way nothing can be changed. */
  readonly isBusy: boolean;
  /** Takes a choice, says it, and goes on to what is undecided; without a choice the part is undecided again. */
  readonly decide: (part: DraftPart, choice: PartChoice | undefined) => void;
  /** Keeps the element of a part, which takes the focus. */
  readonly keepElement: (part: string, element: HTMLElement | null) => void;
}

export const ResolverContext = createContext<Resolver | undefined>(undefined);

export function useResolver(): Resolver {
  const resolver = useContext(ResolverContext);
  if (resolver === undefined) throw new Error("a part of a resolver stands outside of it");
  return resolver;
}
