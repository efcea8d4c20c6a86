/**
 * Tabweave keeps what people see and do in step: across tabs, through offline, reload and crash.
 *
 * @module
 */
export { createTabweave } from "./client/create.js";
export type { DeadLetter } from "./client/deadLetter.js";
export type {
  ConnectivitySnapshot,
  Diagnostic,
  LeadershipChange,
  OperationState,
  OutboxEntry,
  OutboxSnapshot,
  Peer,
  QuerySnapshot,
  SettledOperation,
  Store,
  UndeliveredOperation,
} from "./client/snapshots.js";
export type { DurableTopic, EphemeralTopic, Publication } from "./client/topic.js";
export type {
  Identity,
  Logger,
  MutationHandle,
  OutboxLimits,
  TabweaveClient,
  TabweaveOptions,
} from "./client/types.js";
export type { Classification } from "./definition/classify.js";
export {
  type Collection,
  type CollectionOptions,
  collection,
  type KeyField,
  type UsualKey,
} from "./definition/collection.js";
export { ConflictError, type CurrentDocument, type SaysCurrent } from "./definition/conflict.js";
export {
  type DocumentChange,
  defineEdit,
  type Edit,
  type EditContext,
  type EditedDocument,
  type EditOptions,
} from "./definition/edit.js";
export {
  type CallArguments,
  type CallOptions,
  type CommonOptions,
  defineOperation,
  type MutationArguments,
  type Operation,
  type OperationOptions,
  type RunContext,
} from "./definition/operation.js";
export type {
  AnyCollection,
  CreatedId,
  Creates,
  Definition,
  Hindrance,
  OperationEnding,
} from "./definition/parts.js";
export type { OnSettled } from "./definition/settled.js";
export type { Priority, Terms } from "./definition/terms.js";
export type { TabweaveErrorCode } from "./errors/codes.js";
export { isTabweaveError, TabweaveError } from "./errors/error.js";
export { init, type WasmInput } from "./init.js";
export { placeholderOf } from "./placeholder.js";
export type { Durability } from "./shelf.js";
export type {
  CloseOutcome,
  Source,
  SourceBatch,
  SourceClose,
  SourceListener,
  SourceQuery,
} from "./source.js";
export type { Inserted, QueryDraft, QueryReference, Transaction } from "./transaction.js";
