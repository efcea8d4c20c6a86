import type { Priority } from "../definition/terms.js";
import type { TabweaveErrorCode } from "../errors/codes.js";
import type { TabweaveError } from "../errors/error.js";
import type { Durability } from "../shelf.js";

/** Something that can be read and listened to; a snapshot keeps its reference until it changes. */
export interface Store<Snapshot> {
  getSnapshot(): Snapshot;
  subscribe(listener: () => void): () => void;
}

interface QueryFacts {
  /** Whether this is an older result: of an earlier visit, or from before the connection was lost. */
  readonly stale: boolean;
  /** Operations that the server has not confirmed, by the key of the document they change. */
  readonly pending: ReadonlyMap<string, readonly string[]>;
}

/** What a query shows. */
export type QuerySnapshot<Value> = QueryFacts &
  (
    | { readonly status: "pending"; readonly data: undefined; readonly error: undefined }
    | { readonly status: "success"; readonly data: Value; readonly error: undefined }
    | { readonly status: "error"; readonly data: Value | undefined; readonly error: TabweaveError }
  );

/** How far an operation has come. */
export type OperationState = "queued" | "running" | "waiting" | "parked" | "done" | "dead" | "cancelled";

/** An operation as a page may list it. */
export interface OutboxEntry {
  readonly id: string;
  /** The key under which the server knows it: the id, or a new one since an edit was merged with what the server holds. */
  readonly key: string;
  /** The name of its definition. */
  readonly name: string;
  readonly state: OperationState;
  /**
   * Why it waits (`retry`: for its next attempt; `connection`: the server did not answer; `overload`: the server asked
   * everybody to hold back; `creator`: what it names is to be created by an operation that is not done yet; `no_handler`: no open
   * tab knows its definition, or, if it is sensitive, its page sleeps) or is parked (`conflict`: it contradicts
   * what the server holds; `signed_out`: until the person has signed in again; `outcome_unknown`: nobody knows whether
   * it took effect; `depends_on_failed`: it needs what another operation was to create, and that one failed).
   */
  readonly why:
    | "retry"
    | "connection"
    | "overload"
    | "creator"
    | "no_handler"
    | "outcome_unknown"
    | "conflict"
    | "signed_out"
    | "depends_on_failed"
    | undefined;
  /** Operations of one scope run one after another. */
  readonly scope: string;
  /** The operation of its scope that it has to wait for: the first that has not ended; undefined for that itself. */
  readonly behind: string | undefined;
  readonly priority: Priority;
  /** How many attempts were begun. */
  readonly attempts: number;
  /** When the first attempt was begun, in milliseconds since 1970. */
  readonly firstAttemptAt: number | undefined;
  /** Whether an attempt ended without anybody knowing whether it took effect. */
  readonly inDoubt: boolean;
  /** When a person did it, in milliseconds since 1970. */
  readonly acceptedAt: number;
  /** When it is tried again, if that is known. */
  readonly retryAt: number | undefined;
  /** Whether only the page in which it was called knows its arguments, its result and what its error says. */
  readonly sensitive: boolean;
  /** What an intent was called with; undefined if it is sensitive. */
  readonly args: unknown;
  /** The document an edit changes. */
  readonly document: { readonly collection: string; readonly id: string } | undefined;
  /** What the server answered; undefined if it is sensitive. */
  readonly result: unknown;
  /** What the last attempt came to, if it failed. */
  readonly error: TabweaveError | undefined;
  /** The operation before it that does what this cancelled one was to do, too. */
  readonly mergedInto: string | undefined;
}

export interface OutboxSnapshot {
  /** All known operations, in the order in which they were done. */
  readonly operations: readonly OutboxEntry[];
  /** How many have not come to an end. */
  readonly waiting: number;
  /** Those that need a person: refused, given up, or of unknown outcome. */
  readonly dead: readonly OutboxEntry[];
}

export interface ConnectivitySnapshot {
  /** What the browser says about the network. */
  readonly online: boolean;
  /** Whether the server is reached. */
  readonly connected: boolean;
  /** This tab's part: the leader sends what all tabs have done. */
  readonly role: "leader" | "follower" | "starting";
  /** This tab's id. */
  readonly tab: string;
  /** The epoch under which this tab leads. */
  readonly epoch: number | undefined;
  /** The other tabs, as far as messages told of them; `client.watchPeers()` looks for those that left, too. */
  readonly peers: readonly Peer[];
  /** How tabs hear of each other: `none` means that each catches up from the server alone. */
  readonly transport: "broadcast" | "storage" | "none";
  /**
   * Where operations are kept: in a store that all tabs share; in each tab's own journal, as items of localStorage
   * that another tab takes over when this one is gone; or in memory, which does not outlive the page.
   */
  readonly storage: Durability;
  /** Whether another tab runs a newer version of Tabweave than this one: a reload brings it. */
  readonly updateAvailable: boolean;
}

/** Another tab of this namespace and identity. */
export interface Peer {
  readonly tab: string;
  /** Whether it is the leader. */
  readonly leads: boolean;
  readonly visible: boolean;
  /** Whether its page is frozen or in the back/forward cache. */
  readonly asleep: boolean;
  /** The version of the messages it speaks. */
  readonly protocol: number;
  /** The app's version, as its option `version` says; "" without one. */
  readonly app: string;
}

/** This tab became the leader, or is it no more. */
export interface LeadershipChange {
  readonly leads: boolean;
  /** The epoch of the leadership; each one is higher than all before. Undefined: this tab does not lead. */
  readonly epoch: number | undefined;
}

/** An operation that erase() would take away without its having been delivered. */
export type UndeliveredOperation = Pick<
  OutboxEntry,
  "id" | "name" | "state" | "attempts" | "acceptedAt" | "args" | "document"
>;

/** A fallback that was taken, or something that was refused. */
export interface Diagnostic {
  readonly code: TabweaveErrorCode;
  /** The operation it happened to. */
  readonly operation: string | undefined;
  readonly error: TabweaveError;
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

/** How an operation came to its end, in whichever tab it was sent. */
export interface SettledOperation {
  readonly id: string;
  /** The name of its definition, if this tab still knows the operation. */
  readonly name: string | undefined;
  readonly state: "done" | "dead" | "cancelled";
  /** What the server answered, if it is done. */
  readonly result: unknown;
  /** Why it is not done. */
  readonly error: TabweaveError | undefined;
  /** The operation before it that does what this cancelled one was to do, too; see `coalesce` of definitions. */
  readonly mergedInto?: string | undefined;
}
