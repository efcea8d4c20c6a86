"use client";

import type { DraftPart, PartChoice } from "../resolve/conflictDraft.js";
import { CONFLICT_MESSAGES } from "./english.js";
import type { ConflictMessages, ConflictMessagesOption, PartState, Wording } from "./messages.js";

/** The built-in words with an app's own in their place. */
export function messagesWith(option: ConflictMessagesOption = {}): ConflictMessages {
  const entries = Object.entries(CONFLICT_MESSAGES).map(([key, word]) => {
    const own = option[key as keyof ConflictMessages];
    return [key, typeof word === "object" ? { ...word, ...(own as object | undefined) } : (own ?? word)];
  });
  return Object.fromEntries(entries) as ConflictMessages;
}

export function wordingOf(locale: string): Wording {
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 20 });
  const plurals = new Intl.PluralRules(locale);
  return {
    locale,
    number: (value) => numbers.format(value),
    plural: (value) => plurals.select(value),
  };
}

const STATES = { local: "mine", server: "theirs", merge: "both", manual: "manual" } as const;

export function stateOf(part: DraftPart, choice: PartChoice | undefined): PartState {
  if (choice) return STATES[choice.kind];
  return part.why === undefined ? "automatic" : "undecided";
}
