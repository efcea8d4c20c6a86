/** What a person did: an intent, or an edit of one document. */
export type OperationBody =
  | { kind: "intent"; arguments: unknown }
  | { kind: "edit"; collection: string; document: string; base: unknown; next: unknown };

/** An accepted operation as a tab's own journal keeps it. */
export interface JournalRecord {
  schema: 1;
  id: string;
  name: string;
  body: OperationBody;
  scope: string;
  repeatable: boolean;
  confirmedByKey: boolean;
  bytes?: number;
  terms?: OperationTerms;
  acceptedMs: number;
}

/** On which terms an operation is tried; what is left out is as usual. */
export interface OperationTerms {
  priority?: "low" | "medium" | "high" | "critical";
  retriesMax?: number;
  delayMs?: number;
  multiplierPercent?: number;
  delayMsMax?: number;
  timeoutMs?: number;
  expireAfterMs?: number;
  version?: number;
  reported?: boolean;
  coalesces?: boolean;
  sensitive?: boolean;
}

/** How far an operation has come. */
export type OperationStateName = "queued" | "claimed" | "waiting" | "parked" | "done" | "dead" | "cancelled";

/** An operation as the store keeps it. */
export interface OperationRecord {
  schema: 1;
  id: string;
  name: string;
  body: OperationBody;
  scope: string;
  stamp: { wallMs: number; counter: number; tab: string };
  origin: string;
  repeatable: boolean;
  confirmedByKey: boolean;
  bytes?: number;
  terms?: OperationTerms;
  merges?: number;
  rebases?: number;
  attempts: number;
  answered?: number;
  firstAttemptMs?: number;
  inDoubt?: boolean;
  report?: string;
  state: OperationStateName;
  epoch?: number;
  runner?: string;
  untilMs?: number;
  why?:
    | "retry"
    | "connection"
    | "overload"
    | "creator"
    | "no_handler"
    | "outcome_unknown"
    | "conflict"
    | "signed_out"
    | "depends_on_failed";
  current?: CurrentDocument;
  failure?: { code: FailureCode; error?: unknown };
  result?: unknown;
  atMs?: number;
  into?: string;
}

/** The class of a failure. */
export type FailureCode =
  | "rejected"
  | "conflict"
  | "signed_out"
  | "depends_on_failed"
  | "retryable"
  | "outcome_unknown"
  | "attempts_exhausted"
  | "expired"
  | "set_aside"
  | "page_gone";

/** What the server holds in place of what an edit was made on. */
export type CurrentDocument = { document: unknown } | { removed: true };

/** An edit that was merged with what the server holds by now. */
export interface RebasedEdit {
  base: unknown;
  next: unknown;
  decided: DecidedPart[];
}

/** What was decided about a part of a document; a side without it lacks the property. */
export interface DecidedPart {
  who?: string;
  path: unknown;
  rule: string;
  kind: "auto" | "manual" | "local" | "server" | "merge";
  base?: unknown;
  local?: unknown;
  server?: unknown;
  result?: unknown;
}

/** What became of an attempt. */
export type EngineOutcome =
  | { kind: "accepted"; value: unknown; seen: boolean }
  | { kind: "rejected" | "unauthenticated" | "blocked" | "lost"; value: unknown }
  | { kind: "conflict"; value: unknown; current?: CurrentDocument; rebased?: RebasedEdit }
  | {
      kind: "retryable" | "unknown";
      value: unknown;
      afterMs?: number;
      hindrance?: "connection" | "server" | "overload" | "handler" | "creator";
    };

/** How an operation ended. */
export type Settlement =
  | { state: "done"; result: unknown }
  | { state: "dead"; code: FailureCode; error?: unknown }
  | { state: "cancelled"; into?: string };

/** Something for the app to know. */
export type EngineEvent =
  | { type: "view"; queries: string[] }
  | { type: "operation"; ids: string[] }
  | { type: "pending" }
  | { type: "journal_released"; ids: string[] }
  | { type: "settled"; id: string; settlement: Settlement }
  | { type: "report"; operation: OperationRecord }
  | { type: "leadership"; epoch?: number }
  | { type: "peers" }
  | { type: "topic"; durable: boolean; topic: string; entries: Array<[key: string, value?: unknown]> }
  | { type: "topic_stored"; topic: string; key: string }
  | { type: "diagnostic"; code: DiagnosticCode; operation?: string; error?: unknown };

/** A fallback that was taken, or something that was refused. */
export type DiagnosticCode =
  | "optimistic_failed"
  | "no_handler"
  | "protocol_mismatch"
  | "record_unreadable"
  | "storage_failed"
  | "storage_quota"
  | "storage_stalled"
  | "store_lost"
  | "fence_lost"
  | "leader_silent"
  | "clock_skewed"
  | "storage_memory"
  | "locks_missing"
  | "channel_missing"
  | "transport_missing"
  | "message_unsendable"
  | "orphans_unreadable"
  | "engine_crashed";

/** What the audit trail has of a value: itself, or the SHA-256 of its canonical encoding, in hexadecimal digits. */
export type AuditValue = { value: unknown } | { hash: string };

/** Which entry of the audit trail is meant. */
export interface AuditLink {
  number: number;
  hash: string;
}

/** What was decided where both sides had changed the same, and its place in the chain. */
export interface AuditEntry extends AuditLink {
  atMs: number;
  who?: string;
  operation: string;
  collection: string;
  document: string;
  path: unknown;
  rule: string;
  kind: "auto" | "manual" | "local" | "server" | "merge";
  base?: AuditValue;
  local?: AuditValue;
  server?: AuditValue;
  result?: AuditValue;
  previous: string;
}

/** What is left of the oldest entries once they are gone. */
export interface AuditAnchor extends AuditLink {
  atMs: number;
  entries: number;
  unexported: number;
  checksum: string;
}

/** What came of reading a chain. */
export interface AuditVerdict {
  findings: Array<{
    fault:
      | "anchor_changed"
      | "changed"
      | "unreadable"
      | "missing"
      | "misplaced"
      | "doubled"
      | "detached"
      | "removed"
      | "replaced";
    at?: number;
    number: number;
    through: number;
  }>;
  head?: AuditLink;
}

/** What a query shows. */
export interface EngineView {
  value: unknown;
  origin: "cache" | "server";
  atMs: number;
  pending: Array<[document: string, operations: string[]]>;
}

/** This tab among the others, and what it has of the browser. */
export interface EngineStatus {
  tab: string;
  incarnation: number;
  leading: boolean;
  epoch?: number;
  leader?: string;
  connected: boolean;
  started: boolean;
  peers: Array<{ tab: string; visible: boolean; asleep: boolean; protocol: number; app: string }>;
  storage: "indexeddb" | "memory";
  transport: "broadcast" | "storage" | "none";
  locks: boolean;
  localStorage: boolean;
  updateAvailable: boolean;
  droppedMessages: number;
  skewMs: number;
  serverOffsetMs?: number;
}

/** The package's side: the app's functions, and what is done in TypeScript. */
export interface EngineHost {
  /** Changes the draft at its end only; null: no operation of this name is registered. Must not call the class. */
  optimistic(
    operation: {
      id: string;
      name: string;
      body: OperationBody;
      version: number;
      sensitive?: boolean;
      atMs: number;
    },
    draft: Map<string, unknown>,
  ): Array<[query: string, document: string]> | null;
  /** Makes an attempt; `handleAttempt` answers it. Must not throw. */
  attempt(attempt: {
    id: string;
    name: string;
    body: OperationBody;
    version: number;
    sensitive?: boolean;
    attempt: number;
    firstAttemptMs: number;
    timeoutMs: number;
  }): void;
  /** Tells which of these neighbours can be made one. Must not call the class. */
  coalesce(operations: OperationRecord[]): ReadonlyArray<{
    readonly operations: readonly string[];
    readonly body: OperationBody;
  }>;
  /** Must not throw. May call the class. */
  event(event: EngineEvent): void;
  /** Tells which tabs live, and reads the journals of those that do not. */
  findOrphans(): Promise<{
    living: string[];
    pages: string[];
    journals: Array<{ owner: string; records: JournalRecord[] }>;
  }>;
  /** Tells which tabs take part, and whose page exists. */
  lookAround(): Promise<{ living: string[]; pages: string[] }>;
  /** Deletes the journal of a tab that lives no more. */
  dropJournal(owner: string): void;
}

/** What the app says of the engine; what is left out is as usual. */
export interface EngineSettings {
  /** The version of the app. */
  app: string;
  outboxOperationsMax?: number;
  outboxBytesMax?: number;
  auditValues?: "keep" | "hash";
}

/** What the class throws of its own; an optimistic function's error is thrown as it is. */
export interface EngineRefusal {
  code:
    | "duplicate"
    | "outbox_full"
    | "topic_full"
    | "closed"
    | "reentrant_call"
    | "engine_crashed"
    | "no_handler"
    | "invalid_argument";
  message: string;
  operationsMax?: number;
  bytesMax?: number;
  entriesMax?: number;
}

/** Three versions of a document, laid out for the engine in numbers; see the package's `MergeWalk`. */
export interface MergeWalk {
  root(): number;
  open(node: number, shape: number, key: number): readonly number[];
  runs(node: number, unit: number): readonly number[];
  measure(node: number, measure: number): number;
  ask(node: number, index: number): number;
  finish(steps: Uint32Array, verdicts: Uint32Array): void;
}
