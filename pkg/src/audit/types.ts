import type { Path, ResolutionKind } from "../merge/types.js";

/** Which entry is meant: there may be others of its number, but none of its hash. */
export interface AuditLink {
  /** Its number: the first has 0, and none is left out. */
  readonly number: number;
  /** Its SHA-256, in lower-case hexadecimal digits. */
  readonly hash: string;
}

/** What the trail has of a value: itself, or the SHA-256 of its canonical encoding. */
export type AuditValue = { readonly value: unknown } | { readonly hash: string };

/** A part of a document that both sides had changed, what became of it, and the place of this entry in the chain. */
export interface AuditEntry extends AuditLink {
  /** When, in milliseconds since 1970 by the clock of the device that led. */
  readonly atMs: number;
  /** The person who was signed in. */
  readonly who?: string;
  /** The id of the operation that was merged. */
  readonly operation: string;
  readonly collection: string;
  /** The document's key. */
  readonly document: string;
  /** The way to the part. It is kept whatever becomes of the values. */
  readonly path: Path;
  /** The name of the rule that decided, or could not. */
  readonly rule: string;
  /** Who decided. */
  readonly kind: ResolutionKind;
  /** The part before anybody changed it. Without the property: there was none. The same goes for the others. */
  readonly base?: AuditValue;
  /** As this person wanted it. */
  readonly local?: AuditValue;
  /** As the server had it. */
  readonly server?: AuditValue;
  /** As it is now. */
  readonly result?: AuditValue;
  /** The hash of the entry before it; zeros if it is the first. */
  readonly previous: string;
}

/** What is left of the oldest entries once they are gone: its link is that of the last of them. */
export interface AuditAnchor extends AuditLink {
  /** When they went. */
  readonly atMs: number;
  /** How many went then. */
  readonly entries: number;
  /** How many of all that ever went had not been exported: what they said is nowhere any more. */
  readonly unexported: number;
  /** The SHA-256 of all that. */
  readonly checksum: string;
}

/** A chain, or what there is of one. */
export interface AuditTrail {
  /** Where it begins, if that is not its first entry. */
  readonly anchor?: AuditAnchor | undefined;
  /** The oldest first. */
  readonly entries: readonly AuditEntry[];
}

/**
 * What is wrong with a chain. `changed`: an entry does not say what it said. `missing`: entries are not there.
 * `misplaced`: it stands behind later ones. `doubled`: one of its number stands before it. `detached`: it was not made after
 * the one before it, so one of the two was made anew. `unreadable`: it is no entry. `removed`: it is older than the anchor.
 * `anchor_changed`: the anchor does not say what it said. `replaced`: it is not the one that is known to have its number.
 */
export type AuditFault =
  | "anchor_changed"
  | "changed"
  | "unreadable"
  | "missing"
  | "misplaced"
  | "doubled"
  | "detached"
  | "removed"
  | "replaced";

/** Something that is wrong with a chain, and where. */
export interface AuditFinding {
  readonly fault: AuditFault;
  /** Which of the entries, from 0. Without it: the anchor, or entries that are not there. */
  readonly at?: number;
  readonly number: number;
  /** The last number, where several are missing; the same number otherwise. */
  readonly through: number;
}

/** What came of reading a chain. */
export interface AuditVerdict {
  /** Empty: the chain is whole. */
  readonly findings: readonly AuditFinding[];
  /** Where it ends. Note it elsewhere, and give it to the next check: then it is found if the end is cut off, too. */
  readonly head?: AuditLink;
}
