// The engine's WebAssembly class as the package sees it. Its own codec checks what comes from the store, so
// codes and shapes are what these types say.

import type { OutboxLimits } from "../client/types.js";
import type { CurrentDocument } from "../definition/conflict.js";
import type { Hindrance } from "../definition/parts.js";
import type { TabweaveErrorCode } from "../errors/codes.js";
import type { ResolutionKind, Sides } from "../merge/types.js";

/** What an operation does, as it is stored. */
export type OperationBody =
  | { readonly kind: "intent"; readonly arguments: unknown }
  | {
      readonly kind: "edit";
      readonly collection: string;
      readonly document: string;
      readonly base: unknown;
      readonly next: unknown;
    };

/** An operation as a tab's own journal keeps it. */
export interface JournalRecord {
  readonly schema: 1;
  readonly id: string;
  readonly name: string;
  readonly body: OperationBody;
  readonly scope: string;
  readonly repeatable: boolean;
  readonly confirmedByKey: boolean;
  /** About how much the arguments take, as it is told to the engine. */
  readonly bytes?: number;
  readonly terms?: OperationTerms;
  readonly acceptedMs: number;
}

/** On which terms an operation is tried; what is left out is as usual. */
export interface OperationTerms {
  readonly priority?: "low" | "medium" | "high" | "critical";
  readonly retriesMax?: number;
  readonly delayMs?: number;
  readonly multiplierPercent?: number;
  readonly delayMsMax?: number;
  readonly timeoutMs?: number;
  readonly expireAfterMs?: number;
  /** The version of the definition by which the arguments are to be read; 0 if it has none. */
  readonly version?: number;
  /** Whether one tab that a person sees is told how it ended. */
  readonly reported?: boolean;
  /** Whether the app may make one operation of it and its neighbours, as long as none was sent. */
  readonly coalesces?: boolean;
  /** Only the page that accepted it knows what is to be done: its body says nothing of it. */
  readonly sensitive?: boolean;
}

/** What the last attempt of an operation came to. */
export interface Failure {
  readonly code: TabweaveErrorCode;
  /** Missing if no attempt failed. */
  readonly error?: unknown;
}

/** An operation as the shared store keeps it. */
export interface OperationRecord {
  readonly schema: 1;
  readonly id: string;
  readonly name: string;
  readonly body: OperationBody;
  readonly scope: string;
  readonly stamp: { readonly wallMs: number; readonly counter: number; readonly tab: string };
  readonly origin: string;
  readonly repeatable: boolean;
  readonly confirmedByKey: boolean;
  readonly terms?: OperationTerms;
  /** How often it took over what operations behind it were to do. */
  readonly merges?: number;
  /** How often it was merged with what the server had come to hold. */
  readonly rebases?: number;
  readonly attempts: number;
  readonly answered?: number;
  readonly firstAttemptMs?: number;
  readonly inDoubt?: boolean;
  /** The tab that is to be told how it ended; "": nobody was there yet. */
  readonly report?: string;
  readonly state: "queued" | "claimed" | "waiting" | "parked" | "done" | "dead" | "cancelled";
  readonly epoch?: number;
  readonly runner?: string;
  readonly untilMs?: number;
  readonly why?:
    | "retry"
    | "connection"
    | "overload"
    | "creator"
    | "no_handler"
    | "outcome_unknown"
    | "conflict"
    | "signed_out"
    | "depends_on_failed";
  /** Of an edit in conflict: what the server holds, if it said so. */
  readonly current?: CurrentDocument;
  readonly failure?: Failure;
  readonly result?: unknown;
  readonly atMs?: number;
  /** The operation that does what this cancelled one was to do, too. */
  readonly into?: string;
}

/** What the app makes of operations that stand next to each other: the first of them does this from now on. */
export interface Merger {
  readonly operations: readonly string[];
  readonly body: OperationBody;
}

export type Settlement =
  | { readonly state: "done"; readonly result: unknown }
  | ({ readonly state: "dead" } & Failure)
  | { readonly state: "cancelled"; readonly into?: string };

export type EngineEvent =
  | { readonly type: "view"; readonly queries: readonly string[] }
  | { readonly type: "operation"; readonly ids: readonly string[] }
  | { readonly type: "pending" }
  | { readonly type: "journal_released"; readonly ids: readonly string[] }
  | { readonly type: "settled"; readonly id: string; readonly settlement: Settlement }
  | {
      readonly type: "topic";
      readonly durable: boolean;
      readonly topic: string;
      /** An entry of length 1 was removed. */
      readonly entries: ReadonlyArray<readonly [key: string, value?: unknown]>;
    }
  | { readonly type: "topic_stored"; readonly topic: string; readonly key: string }
  /** This tab is to tell the app how the operation ended. */
  | { readonly type: "report"; readonly operation: OperationRecord }
  | { readonly type: "leadership"; readonly epoch?: number }
  | { readonly type: "peers" }
  | {
      readonly type: "diagnostic";
      readonly code: TabweaveErrorCode;
      readonly operation?: string;
      readonly error?: unknown;
    };

export interface EngineView {
  readonly value: unknown;
  readonly origin: "cache" | "server";
  readonly atMs: number;
  readonly pending: ReadonlyArray<readonly [document: string, operations: readonly string[]]>;
}

export interface EngineStatus {
  readonly tab: string;
  readonly incarnation: number;
  readonly leading: boolean;
  readonly epoch?: number;
  readonly leader?: string;
  readonly connected: boolean;
  readonly started: boolean;
  readonly peers: readonly EnginePeer[];
  readonly storage: "indexeddb" | "memory";
  readonly transport: "broadcast" | "storage" | "none";
  readonly locks: boolean;
  readonly localStorage: boolean;
  readonly updateAvailable: boolean;
  readonly droppedMessages: number;
  readonly skewMs: number;
  readonly serverOffsetMs?: number;
}

export interface EnginePeer {
  readonly tab: string;
  readonly visible: boolean;
  readonly asleep: boolean;
  readonly protocol: number;
  readonly app: string;
}

/** One run of an optimistic function, as the engine asks for it. */
export interface OptimisticRun {
  readonly id: string;
  readonly name: string;
  readonly body: OperationBody;
  readonly version: number;
  readonly sensitive?: boolean | undefined;
  readonly atMs: number;
}

/** Query and key of a document that an optimistic function changed. */
export type Touch = [query: string, document: string];

export interface AttemptRequest {
  readonly id: string;
  /** The idempotency key. */
  readonly key: string;
  readonly name: string;
  readonly body: OperationBody;
  readonly version: number;
  readonly sensitive?: boolean;
  /** Whether an earlier attempt ended without anybody knowing whether it took effect. */
  readonly inDoubt?: boolean;
  /** When a person did it, in milliseconds since 1970. */
  readonly acceptedMs: number;
  readonly attempt: number;
  /** When the first attempt was begun, in milliseconds since 1970. */
  readonly firstAttemptMs: number;
  /** How long it may take. */
  readonly timeoutMs: number;
}

/** Tabs by what is known of them. */
export interface TabPresence {
  /** Tabs that take part. */
  readonly living: string[];
  /** Tabs whose page exists, though it may be asleep. */
  readonly pages: string[];
}

export interface Orphans extends TabPresence {
  readonly journals: Array<{ owner: string; records: JournalRecord[] }>;
}

export interface EngineHost {
  /** Null: no operation of this name is registered here. A throw leaves the draft as it was. */
  optimistic(run: OptimisticRun, draft: Map<string, unknown>): Touch[] | null;
  attempt(request: AttemptRequest): void;
  /** What can be made one; the others stay what they are. */
  coalesce(operations: readonly OperationRecord[]): readonly Merger[];
  event(event: EngineEvent): void;
  findOrphans(): Promise<Orphans>;
  lookAround(): Promise<TabPresence>;
  dropJournal(owner: string): void;
}

/** What the app says of the engine; what is left out is as usual. */
export interface EngineSettings extends OutboxLimits {
  /** The version of the app. */
  readonly app: string;
  /** What the audit trail keeps of values. */
  readonly auditValues: "keep" | "hash";
}

/** What became of an attempt. */
export type EngineOutcome =
  | { readonly kind: "accepted"; readonly value: unknown; readonly seen: boolean }
  | {
      readonly kind:
        | "rejected"
        | "conflict"
        | "unauthenticated"
        | "blocked"
        | "lost"
        | "retryable"
        | "unknown";
      readonly value: unknown;
      readonly afterMs?: number | undefined;
      readonly hindrance?: Hindrance | undefined;
      /** Of a conflict: what the server holds; missing if it did not say. */
      readonly current?: CurrentDocument | undefined;
      /** Of a conflict of an edit: what it becomes, if nobody has to decide. */
      readonly rebased?: RebasedEdit | undefined;
    };

/** An edit that was merged with what the server holds by now. */
export interface RebasedEdit {
  /** The document as the server holds it. */
  readonly base: unknown;
  /** The document with what both did. */
  readonly next: unknown;
  /** What was decided on the way, for the audit trail. */
  readonly decided: readonly DecidedPart[];
}

/** What was decided about a part of a document. */
export interface DecidedPart extends Sides {
  /** The person who was signed in. */
  readonly who?: string;
  readonly path: unknown;
  readonly rule: string;
  readonly kind: ResolutionKind;
  readonly result?: unknown;
}

/** What a person may want of an operation. */
export type Wish = "cancel" | "retry" | "set_aside" | "resume";

export interface EngineObject {
  start(): void;
  register(names: string[]): void;
  mutate(record: JournalRecord): void;
  flush(): void;
  adopt(owner: string, records: JournalRecord[]): void;
  watch(query: string): void;
  unwatch(query: string): void;
  handleBase(updates: Array<[query: string, value: unknown]>, seen: string[]): void;
  handleAttempt(id: string, attempt: number, outcome: EngineOutcome): void;
  handleReported(id: string, endedMs: number): void;
  handleConnection(connected: boolean): void;
  publish(durable: boolean, topic: string, key: string, value: unknown, removed: boolean): void;
  watchPeers(watching: boolean): void;
  handleServerTime(ms: number): void;
  handleSignedIn(): void;
  wish(id: string, wish: Wish): boolean;
  /** A person has decided about an edit in conflict; false if it is in none. */
  resolve(id: string, resolution: RebasedEdit): boolean;
  /** The same, who gives the edit up: what of it is lost is in `decided`. */
  discard(id: string, decided: readonly DecidedPart[]): boolean;
  /** Reads the audit trail: `answered` hears of its entries, or null if they cannot be read. False: it never will. */
  readAudit(answered: (entries: unknown[] | null) => void): boolean;
  view(query: string): EngineView | undefined;
  operations(): OperationRecord[];
  pendingKeys(): string[];
  status(): EngineStatus;
  close(): void;
}

export type EngineClass = new (
  namespace: string,
  identity: string,
  tab: string,
  seed: number,
  visible: boolean,
  settings: EngineSettings,
  host: EngineHost,
) => EngineObject;

/** Three versions of a document as the engine sees them: see `MergeWalk`, which puts the numbers in a row. */
export interface MergeWalkObject {
  root(): number;
  open(node: number, shape: number, key: number): readonly number[];
  runs(node: number, unit: number): readonly number[];
  measure(node: number, measure: number): number;
  ask(node: number, index: number): number;
  finish(steps: Uint32Array, verdicts: Uint32Array): void;
}

/** A policy as the engine has it. */
export interface CompiledPolicy {
  names(): string[];
  /**
   * Merges; `finish` of the walk is told what it came to. A time that is NaN: nobody knows. Where nobody has decided it is
   * as this person has it if `showsLocal`, else as the server has it.
   */
  merge(walk: MergeWalkObject, localMs: number, serverMs: number, showsLocal: boolean): void;
}

export type CompiledPolicyClass = new (
  latest: boolean,
  timestampKeys: string[],
  statusKeys: string[],
  patterns: string[],
  rules: Uint32Array,
  keys: string[],
) => CompiledPolicy;
