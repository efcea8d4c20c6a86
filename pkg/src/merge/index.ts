export { readAuditExport } from "../audit/exporting.js";
export type { AuditFilter } from "../audit/filter.js";
export { type Replayed, replayAudit } from "../audit/replay.js";
export type {
  AuditAnchor,
  AuditEntry,
  AuditFault,
  AuditFinding,
  AuditLink,
  AuditTrail,
  AuditValue,
  AuditVerdict,
} from "../audit/types.js";
export type { MergeTimes } from "../engine/merging.js";
export type { MergeLimits } from "./looking.js";
export { type MergeInput, merge } from "./merge.js";
export type {
  ConflictChoice,
  ConflictResolution,
  DiscardedEdit,
  ParkedConflict,
  ResolvedConflict,
} from "./parked.js";
export { pathText } from "./path.js";
export type { PathPattern, ValueAt } from "./patterns.js";
export { type MergePolicy, type MergePolicyOptions, mergePolicy } from "./policy.js";
export {
  type KeyedRule,
  keyed,
  type NamedRule,
  type RuleContext,
  type RuleFor,
  type RuleFunction,
  type TextRule,
} from "./rules.js";
export type { Words } from "./runs.js";
export type {
  ConflictReason,
  Decision,
  MergeConflict,
  Merged,
  Path,
  PathSegment,
  ResolutionKind,
  Sides,
} from "./types.js";
