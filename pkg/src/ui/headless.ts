"use client";

/**
 * The state behind `<ConflictResolver>`, for a screen of your own: without a look, and without react-aria.
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
export { type ConflictDraftControl, useConflictDraft } from "./useConflictDraft.js";
