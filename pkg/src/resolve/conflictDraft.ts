import type { ConflictChoice, ParkedConflict, ResolvedConflict } from "../merge/parked.js";
import type { ConflictReason, Path, Sides } from "../merge/types.js";
import { encodeValue, sameValue } from "../token.js";
import { bothOf } from "./both.js";
import { type Part, partAt, withPart } from "./part.js";

/** A part of the document that both sides changed. */
export interface DraftPart extends Sides {
  /** Tells it from the conflict's other parts. */
  readonly key: string;
  readonly path: Path;
  /** Why no rule could decide; without it one did. */
  readonly why?: ConflictReason;
  /** The name of the rule that decided, or could not. */
  readonly rule: string;
  /** What both sides did to it at once, where that makes sense. */
  readonly both?: unknown;
}

/** What a person took for a part. `manual`: what they wrote; without a result it is gone. */
export type PartChoice =
  | { readonly kind: "local" | "server" | "merge" }
  | { readonly kind: "manual"; readonly result?: unknown };

/** By the keys of parts. */
export type DraftChoices = ReadonlyMap<string, PartChoice>;

/** A person's decision in the making: nothing is sent, and everything can be undone. */
export interface ConflictDraft<Document = unknown> {
  readonly conflict: ParkedConflict<Document>;
  /** Those that somebody has to decide, then those that a rule decided. */
  readonly parts: readonly DraftPart[];
  readonly choices: DraftChoices;
  /** The choices before each step, the latest last. */
  readonly past: readonly DraftChoices[];
  /** The choices that were undone, the next one last. */
  readonly future: readonly DraftChoices[];
}

/** A step that a person takes. Those of a part that there is not, or cannot be chosen so, change nothing. */
export type DraftStep =
  | { readonly type: "choose"; readonly part: string; readonly choice: PartChoice }
  /** A part is undecided again, or as the rule decided it. */
  | { readonly type: "clear"; readonly part: string }
  /** Every part that no rule could decide is as one side has it. */
  | { readonly type: "chooseAll"; readonly side: "local" | "server" }
  | { readonly type: "undo" }
  | { readonly type: "redo" };

export interface DraftProgress {
  readonly decided: number;
  readonly total: number;
}

export function conflictDraft<Document>(conflict: ParkedConflict<Document>): ConflictDraft<Document> {
  const { conflicts, decisions } = conflict.merged;
  const parts = [
    ...conflicts.map((part, at) => ({
      ...sidesOf(part),
      path: part.path,
      rule: part.rule,
      why: part.why,
      key: `c${at}`,
    })),
    ...decisions.map((part, at) => ({ ...sidesOf(part), path: part.path, rule: part.rule, key: `d${at}` })),
  ];
  const withBoth = parts.map((part): DraftPart => {
    const both = bothOf(part);
    return both ? { ...part, both: both.value } : part;
  });
  return { conflict, parts: withBoth, choices: new Map(), past: [], future: [] };
}

function sidesOf(part: Sides): Sides {
  const sides = (["base", "local", "server"] as const).filter((side) => Object.hasOwn(part, side));
  return Object.fromEntries(sides.map((side) => [side, part[side]]));
}

/**
 * The draft of a conflict that has changed meanwhile: the server has another version by now. What was chosen for parts that
 * are as they were stays chosen; if others changed, there is nothing to undo.
 */
export function redrafted<Document>(
  draft: ConflictDraft<Document>,
  conflict: ParkedConflict<Document>,
): ConflictDraft<Document> {
  if (draft.conflict === conflict) return draft;
  const fresh = conflictDraft(conflict);
  if (draft.conflict.id !== conflict.id) return fresh;
  const isSame = (part: DraftPart, at: number) => isSamePart(part, draft.parts[at]);
  if (fresh.parts.length === draft.parts.length && fresh.parts.every(isSame)) return { ...draft, conflict };
  const choices = new Map<string, PartChoice>();
  for (const part of fresh.parts) {
    const before = draft.parts.find((other) => isSamePart(part, other));
    const choice = before && draft.choices.get(before.key);
    if (choice) choices.set(part.key, choice);
  }
  return { ...fresh, choices };
}

function isSamePart(part: DraftPart, other: DraftPart | undefined): boolean {
  if (other === undefined || part.why !== other.why) return false;
  return encodeValue(part.path) === encodeValue(other.path) && sameValue(sidesOf(part), sidesOf(other));
}

/** The draft after a step; the same object if the step changes nothing. */
export function draftAfter<Document>(
  draft: ConflictDraft<Document>,
  step: DraftStep,
): ConflictDraft<Document> {
  const { choices, past, future } = draft;
  if (step.type === "undo") {
    const before = past.at(-1);
    return before
      ? { ...draft, choices: before, past: past.slice(0, -1), future: [...future, choices] }
      : draft;
  }
  if (step.type === "redo") {
    const after = future.at(-1);
    return after
      ? { ...draft, choices: after, past: [...past, choices], future: future.slice(0, -1) }
      : draft;
  }
  const next = choicesAfter(draft, step);
  return sameChoices(next, choices)
    ? draft
    : { ...draft, choices: next, past: [...past, choices], future: [] };
}

function sameChoices(a: DraftChoices, b: DraftChoices): boolean {
  return a.size === b.size && [...a].every(([key, choice]) => sameChoice(choice, b.get(key)));
}

function sameChoice(a: PartChoice, b: PartChoice | undefined): boolean {
  if (a.kind !== "manual" || b?.kind !== "manual") return a.kind === b?.kind;
  return Object.hasOwn(a, "result") === Object.hasOwn(b, "result") && sameValue(a.result, b.result);
}

function choicesAfter(
  { parts, choices }: ConflictDraft,
  step: Exclude<DraftStep, { type: "undo" | "redo" }>,
): DraftChoices {
  // In the order of the parts, so that equal choices are equal however they came about.
  const chosen = parts.flatMap((part): Array<[string, PartChoice]> => {
    const choice = choiceAfter(part, choices.get(part.key), step);
    return choice ? [[part.key, choice]] : [];
  });
  return new Map(chosen);
}

function choiceAfter(
  part: DraftPart,
  before: PartChoice | undefined,
  step: Exclude<DraftStep, { type: "undo" | "redo" }>,
): PartChoice | undefined {
  if (step.type === "chooseAll") return part.why === undefined ? before : { kind: step.side };
  if (step.part !== part.key) return before;
  if (step.type === "clear") return undefined;
  return step.choice.kind === "merge" && !Object.hasOwn(part, "both") ? before : step.choice;
}

/** What a part is by a choice; undefined: it is gone. */
function chosenPart(part: DraftPart, choice: PartChoice): Part {
  switch (choice.kind) {
    case "merge":
      return { value: part.both };
    case "manual":
      return Object.hasOwn(choice, "result") ? { value: choice.result } : undefined;
    default:
      return Object.hasOwn(part, choice.kind) ? { value: part[choice.kind] } : undefined;
  }
}

/** What a part is as the draft stands: as it was chosen, or else as in what the rules made. */
export function currentPart(draft: ConflictDraft, part: DraftPart): Part {
  const choice = draft.choices.get(part.key);
  return choice ? chosenPart(part, choice) : partAt(mergedDocument(draft.conflict), part.path);
}

/** How many of the parts that no rule could decide are decided. */
export function draftProgress({ parts, choices }: ConflictDraft): DraftProgress {
  const open = parts.filter((part) => part.why !== undefined);
  return { decided: open.filter((part) => choices.has(part.key)).length, total: open.length };
}

/**
 * What becomes of the document, as the draft stands. What is undecided is as the server has it. Nothing that was given is
 * changed, and what nobody chose anything for keeps its identity.
 */
export function draftResolution<Document>(draft: ConflictDraft<Document>): ResolvedConflict<Document> {
  const chosen = draft.parts.flatMap((part) => {
    const choice = draft.choices.get(part.key);
    return choice ? [{ part, choice, result: chosenPart(part, choice) }] : [];
  });
  const { conflict } = draft;
  let document = mergedDocument(conflict);
  for (const { part, choice, result } of inOrder(chosen)) {
    const like = conflict[choice.kind === "server" ? "server" : "local"] ?? conflict.server;
    document = withPart(document, part.path, result, { value: like });
  }
  const choices = chosen.map(
    ({ part: { path }, choice: { kind }, result }): ConflictChoice => ({
      path,
      kind,
      ...(result && { result: result.value }),
    }),
  );
  return { ...(document && { value: document.value as Document }), choices };
}

/** Where the whole document is gone, what the rules made is none, whatever stands in its place. */
function mergedDocument({ merged }: ParkedConflict): Part {
  const whole = ({ path }: { path: Path }) => path.length === 0;
  const conflict = merged.conflicts.find(whole);
  const decision = merged.decisions.find(whole);
  const gone =
    (conflict && !Object.hasOwn(conflict, "server")) || (decision && !Object.hasOwn(decision, "result"));
  return gone ? undefined : { value: merged.value };
}

/** Wholes before their parts; elements leave a list last, and the last one first, for the places behind them change. */
function inOrder<Chosen extends { part: DraftPart; result: Part }>(chosen: readonly Chosen[]): Chosen[] {
  const isLate = ({ part, result }: Chosen) => result === undefined && typeof part.path.at(-1) === "number";
  const place = ({ part }: Chosen) => Number(part.path.at(-1));
  const length = ({ part }: Chosen) => part.path.length;
  const early = chosen.filter((one) => !isLate(one)).sort((a, b) => length(a) - length(b));
  const late = chosen.filter(isLate).sort((a, b) => length(b) - length(a) || place(b) - place(a));
  return [...early, ...late];
}
