"use client";

import type { ConflictReason } from "../merge/types.js";
import type { EntryProblem } from "../resolve/entry.js";

/** How the language that is shown writes numbers, for sentences that have some. */
export interface Wording {
  /** The language, as in `locale`. */
  readonly locale: string;
  number(value: number): string;
  /** Which form a word has beside this number. */
  plural(value: number): Intl.LDMLPluralRule;
}

/** Who has decided about a part, and how. */
export type PartState = "undecided" | "automatic" | "mine" | "theirs" | "both" | "manual";

/** Every word that `<ConflictResolver>` shows or has read aloud. */
export interface ConflictMessages {
  readonly heading: string;
  /** Below the heading; `at` is when this person made the edit. */
  readonly introduction: (about: { readonly at: string }, wording: Wording) => string;
  /** The names of the four versions. */
  readonly versions: { readonly [Version in "before" | "mine" | "theirs" | "result"]: string };
  readonly wholeDocument: string;
  /** The place of an element that has no name, from 1. */
  readonly element: (place: number, wording: Wording) => string;
  /** Why a person has to decide. */
  readonly why: { readonly [Reason in ConflictReason]: string };
  /** Why nobody has to. */
  readonly automatic: (about: { readonly rule: string }) => string;
  readonly states: { readonly [State in PartState]: string };

  /** The name of the row of buttons beside a part. */
  readonly decide: (about: { readonly part: string }) => string;
  readonly takeMine: string;
  readonly takeTheirs: string;
  readonly takeBoth: string;
  readonly edit: string;
  /** The name of the row of buttons for all parts at once. */
  readonly allParts: string;
  readonly allMine: string;
  readonly allTheirs: string;
  readonly undo: string;
  readonly redo: string;

  readonly progress: (
    count: { readonly decided: number; readonly total: number },
    wording: Wording,
  ) => string;
  /** Said when a part was decided, or is undecided again. */
  readonly chosen: (about: {
    readonly part: string;
    readonly state: string;
    readonly progress: string;
  }) => string;
  /** Said when all parts were decided at once. */
  readonly allChosen: (about: { readonly state: string; readonly progress: string }) => string;
  readonly undone: (about: { readonly progress: string }) => string;
  readonly redone: (about: { readonly progress: string }) => string;
  /** Said when somebody wants to save, and parts are undecided. */
  readonly stillOpen: (count: { readonly open: number }, wording: Wording) => string;
  /** The heading of the parts that rules decided. */
  readonly decidedAlready: (count: { readonly total: number }, wording: Wording) => string;

  /** In place of a version that has no such part. */
  readonly missing: string;
  /** In place of a version that has removed the part. */
  readonly gone: string;
  readonly emptyText: string;
  readonly emptyList: string;
  readonly nothing: string;
  readonly yes: string;
  readonly no: string;
  readonly bytes: (count: { readonly bytes: number }, wording: Wording) => string;
  /** In place of what is too deep or too long to be shown. */
  readonly more: string;
  /** In place of many elements that are as they were. */
  readonly unchanged: (about: { readonly count: number }, wording: Wording) => string;
  /** Read aloud before what differs, and after it. */
  readonly changes: { readonly [Kind in "added" | "removed" | "moved" | "changed" | "end"]: string };

  /** The name of the field in which a part is written by hand. */
  readonly entry: (about: { readonly part: string }) => string;
  readonly entryHint: { readonly json: string; readonly date: string };
  readonly problems: {
    readonly [Code in Exclude<EntryProblem["code"], "json">]: string;
  } & {
    readonly json: (place: { readonly line?: number; readonly column?: number }, wording: Wording) => string;
  };
  readonly useEntry: string;
  readonly cancelEntry: string;

  readonly save: string;
  readonly saving: string;
  readonly saved: string;
  /** What was thrown says why; none of its own words are shown. */
  readonly failed: (error: unknown) => string;
  readonly retry: string;
  readonly later: string;
  readonly discard: string;
  readonly discardQuestion: string;
  readonly discardYes: string;
  readonly discardNo: string;
}

/** Words to use instead of the built-in ones; what is left out stays. */
export type ConflictMessagesOption = {
  readonly [Key in keyof ConflictMessages]?: ConflictMessages[Key] extends
    | string
    | ((...args: never[]) => string)
    ? ConflictMessages[Key]
    : Partial<ConflictMessages[Key]>;
};
