import type { Merged, Path, ResolutionKind } from "./types.js";

/**
 * An edit that waits for a person, because both sides changed a part of its document and no rule could decide. A version
 * that there is not lacks the property: the document was added, or removed, by the other side.
 */
export interface ParkedConflict<Document = unknown> {
  /** The id of the operation. */
  readonly id: string;
  /** The name of the operation's definition. */
  readonly name: string;
  /** The name of the document's collection. */
  readonly collection: string;
  /** The key of the document. */
  readonly document: string;
  /** When the person made the edit, in milliseconds since 1970. */
  readonly atMs: number;
  /** The document as it was before anybody changed it. */
  readonly base?: Document;
  /** As this person wants it. */
  readonly local?: Document;
  /** As the server has it. */
  readonly server?: Document;
  /** What the rules made of the three. */
  readonly merged: Merged<Document>;
}

/** What a person decided about one part of a document. */
export interface ConflictChoice {
  readonly path: Path;
  readonly kind: ResolutionKind;
  /** The part as it shall be. Without the property: it shall be gone. */
  readonly result?: unknown;
}

/** The document as a person wants it, having seen both sides. */
export interface ResolvedConflict<Document = unknown> {
  readonly discard?: false;
  /** The whole document. Without the property: it shall be gone. */
  readonly value?: Document;
  /** What the person decided. What a rule had decided, and the person left so, is not among it. */
  readonly choices: readonly ConflictChoice[];
}

/** The edit is given up: the document stays as the server has it. */
export interface DiscardedEdit {
  readonly discard: true;
}

/** How a person ends a parked conflict. */
export type ConflictResolution<Document = unknown> = ResolvedConflict<Document> | DiscardedEdit;
