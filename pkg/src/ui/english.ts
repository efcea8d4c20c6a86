"use client";

import type { ConflictMessages } from "./messages.js";

/** The words of `<ConflictResolver>` unless an app has its own. */
export const CONFLICT_MESSAGES: ConflictMessages = {
  heading: "Choose what to keep",
  introduction: ({ at }) =>
    `You changed this ${at}. Before your change arrived, somebody else changed it too.`,
  versions: { before: "Before", mine: "Mine", theirs: "Theirs", result: "Result" },
  wholeDocument: "All of it",
  element: (place, { number }) => `No. ${number(place)}`,
  why: {
    both_changed: "Both of you changed it.",
    removed: "One of you removed what the other one changed.",
    reordered: "Both of you put it into another order.",
    manual: "Both of you changed it, and this is always yours to decide.",
    unfit: "Both of you changed it, into values that cannot be combined.",
    overlap: "Both of you changed the same place.",
    no_times: "Both of you changed it, and nobody knows who was later.",
    too_large: "Both of you changed it, and it is too large to be compared.",
    threw: "Both of you changed it, and combining the two failed.",
  },
  automatic: ({ rule }) => `Both of you changed it. Decided by the rule “${rule}”.`,
  states: {
    undecided: "Not decided",
    automatic: "Automatic",
    mine: "Mine",
    theirs: "Theirs",
    both: "Both",
    manual: "Edited",
  },

  decide: ({ part }) => `Decide: ${part}`,
  takeMine: "Keep mine",
  takeTheirs: "Take theirs",
  takeBoth: "Keep both",
  edit: "Edit",
  allParts: "Decide all at once",
  allMine: "Mine for all",
  allTheirs: "Theirs for all",
  undo: "Undo",
  redo: "Redo",

  progress: ({ decided, total }, { number }) => `${number(decided)} of ${number(total)} decided`,
  chosen: ({ part, state, progress }) => `${part}: ${state}. ${progress}.`,
  allChosen: ({ state, progress }) => `${state} for all. ${progress}.`,
  undone: ({ progress }) => `Undone. ${progress}.`,
  redone: ({ progress }) => `Done again. ${progress}.`,
  stillOpen: ({ open }, { number, plural }) =>
    plural(open) === "one" ? "One is not decided yet." : `${number(open)} are not decided yet.`,
  decidedAlready: ({ total }, { number }) => `${number(total)} decided automatically`,

  missing: "Not there",
  gone: "Removed",
  emptyText: "Empty",
  emptyList: "Empty list",
  nothing: "None",
  yes: "Yes",
  no: "No",
  bytes: ({ bytes }, { number, plural }) => (plural(bytes) === "one" ? "1 byte" : `${number(bytes)} bytes`),
  more: "…",
  unchanged: ({ count }, { number }) => `${number(count)} unchanged`,
  changes: { added: "added:", removed: "removed:", moved: "moved:", changed: "changed:", end: "(end)" },

  entry: ({ part }) => `${part}, as it should be`,
  entryHint: { json: "Written as JSON.", date: "In your own time zone." },
  problems: {
    number: "This is not a number. Write it like 12 or 4.5.",
    bigint: "This is not a whole number.",
    boolean: "Choose one of the two.",
    date: "This is not a date with a time.",
    list: "This has to stay a list: begin with [ and end with ].",
    object: "This has to stay an object: begin with { and end with }.",
    tag: 'What stands in "$" is not known.',
    json: ({ line, column }, { number }) =>
      line === undefined || column === undefined
        ? "This is not JSON: look for a missing comma, quote or bracket."
        : `This is not JSON: look at line ${number(line)}, column ${number(column)}.`,
  },
  useEntry: "Use this",
  cancelEntry: "Cancel",

  save: "Save the result",
  saving: "Saving…",
  saved: "Saved.",
  failed: () => "This could not be saved. Nothing is lost: your choices are still here.",
  retry: "Try again",
  later: "Decide later",
  discard: "Discard my change",
  discardQuestion: "Discard your whole change? Theirs stays, and this cannot be undone.",
  discardYes: "Yes, discard it",
  discardNo: "No, go on",
};
