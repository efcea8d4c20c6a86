import type { ConflictReason, ResolutionKind } from "./types.js";

/** In the engine's order. */
export const RULES = [
  "latest",
  "mostRecentNonNull",
  "union",
  "sequence",
  "text",
  "counter",
  "max",
  "min",
  "local",
  "server",
  "manual",
  "recursive",
  "textBoth",
  "keyed",
  "function",
  "none",
  "fallback",
] as const;

export type RuleName = (typeof RULES)[number];

/** In the engine's order. */
const KINDS: readonly ResolutionKind[] = ["auto", "manual", "local", "server", "merge"];

/** In the engine's order. */
const REASONS: readonly ConflictReason[] = [
  "both_changed",
  "removed",
  "reordered",
  "manual",
  "unfit",
  "overlap",
  "no_times",
  "too_large",
  "threw",
];

export interface Verdict {
  readonly node: number;
  readonly rule: string;
  /** Set if a rule decided. */
  readonly kind?: ResolutionKind | undefined;
  /** Set if nobody did. */
  readonly why?: ConflictReason | undefined;
}

/** Reads verdicts: the node's number, the rule's, and the number of the kind or, after all kinds, of the reason. */
export function readVerdicts(told: Uint32Array): Verdict[] {
  const read: Verdict[] = [];
  for (let at = 0; at < told.length; at += 3) {
    const [node = 0, rule = 0, rest = 0] = told.subarray(at, at + 3);
    read.push({ node, rule: RULES[rule] as string, kind: KINDS[rest], why: REASONS[rest - KINDS.length] });
  }
  return read;
}
