/** A step from a document towards a part of it. */
export type PathSegment =
  /** The field of an object. */
  | string
  /** The place in a list whose elements have no key, from 0. */
  | number
  /** The element of a list of objects whose field `by` holds this key. */
  | { readonly by: string; readonly key: unknown }
  /** The entry of a Map. */
  | { readonly key: unknown };

/** The way from a document to a part of it; empty: the document itself. */
export type Path = readonly PathSegment[];

/**
 * Who decided what a part of a document is now. `auto`: a rule. `local`, `server`: one side was taken as it is, by a rule
 * of that name or by a person. `merge`: a person took what both did. `manual`: a person wrote something else.
 */
export type ResolutionKind = "auto" | "manual" | "local" | "server" | "merge";

/** A part of a document on each side. A side that has no such part lacks the property. */
export interface Sides {
  /** As it was before anybody changed it. */
  readonly base?: unknown;
  /** As this person wants it. */
  readonly local?: unknown;
  /** As the server has it. */
  readonly server?: unknown;
}

/** What became of a part that both sides had changed. */
export interface Decision extends Sides {
  readonly path: Path;
  /** The name of the rule that decided. */
  readonly rule: string;
  readonly kind: ResolutionKind;
  /** The part as it is now. Without the property: it is gone. */
  readonly result?: unknown;
}

/**
 * Why no rule could decide. `both_changed`: there is no rule for such values. `removed`: one side removed what the other
 * changed. `reordered`: both put a list into another order. `manual`: the policy leaves it to a person. `unfit`: the rule
 * cannot do anything with such values. `overlap`: both changed the same place of a text or a list. `no_times`: nobody
 * knows which side is the later one. `too_large`: looking further would take longer than `mergeNodesMax` and
 * `mergeDepthMax` allow. `threw`: the policy's function threw.
 */
export type ConflictReason =
  | "both_changed"
  | "removed"
  | "reordered"
  | "manual"
  | "unfit"
  | "overlap"
  | "no_times"
  | "too_large"
  | "threw";

/** A part that both sides changed, and that somebody has to decide. */
export interface MergeConflict extends Sides {
  readonly path: Path;
  readonly why: ConflictReason;
  /** The name of the rule that could not decide. */
  readonly rule: string;
  /** What the policy's function threw. */
  readonly error?: unknown;
}

/** What became of three versions of a document. */
export interface Merged<Document = unknown> {
  /** The document with what both sides did. Where there is a conflict it is as the server has it. */
  readonly value: Document;
  /** The parts that both sides had changed, differently, and a rule decided. */
  readonly decisions: readonly Decision[];
  /** Those that nobody has decided. */
  readonly conflicts: readonly MergeConflict[];
}
