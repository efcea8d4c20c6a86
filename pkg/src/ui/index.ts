"use client";

/**
 * A screen on which a person decides about a parked conflict, and the state behind it. The stylesheet is `tabweave/ui.css`.
 *
 * @module
 */
export type {
  ConflictChoice,
  ConflictResolution,
  DiscardedEdit,
  ParkedConflict,
  ResolvedConflict,
} from "../merge/parked.js";
export type {
  ConflictReason,
  Decision,
  MergeConflict,
  Merged,
  Path,
  PathSegment,
  ResolutionKind,
  Sides,
} from "../merge/types.js";
export {
  type ConflictDraft,
  conflictDraft,
  type DraftChoices,
  type DraftPart,
  type DraftProgress,
  type DraftStep,
  draftAfter,
  draftProgress,
  draftResolution,
  type PartChoice,
  redrafted,
} from "../resolve/conflictDraft.js";
export { ConflictResolver, type ConflictResolverProps } from "./ConflictResolver.js";
export { CONFLICT_MESSAGES } from "./english.js";
export type { ConflictMessages, ConflictMessagesOption, PartState, Wording } from "./messages.js";
export { type ConflictDraftControl, useConflictDraft } from "./useConflictDraft.js";
