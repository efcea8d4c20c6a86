import type { AuditFilter } from "../audit/filter.js";
import type { AuditEntry, AuditLink, AuditVerdict } from "../audit/types.js";
import type { Collection } from "../definition/collection.js";
import type { DocumentChange, Edit } from "../definition/edit.js";
import type { CallArguments, CallOptions, MutationArguments, Operation } from "../definition/operation.js";
import type { Definition } from "../definition/parts.js";
import type { TabweaveError } from "../errors/error.js";
import type { WasmInput } from "../init.js";
import type { Durability } from "../shelf.js";
import type { Source } from "../source.js";
import type { Conflicts } from "./conflicts.js";
import type { DeadLetter } from "./deadLetter.js";
import type {
  ConnectivitySnapshot,
  Diagnostic,
  LeadershipChange,
  OutboxSnapshot,
  QuerySnapshot,
  SettledOperation,
  Store,
  UndeliveredOperation,
} from "./snapshots.js";
import type { DurableTopic, EphemeralTopic } from "./topic.js";

/** Where diagnostics go instead of the console. */
export interface Logger {
  warn(message: string, error: TabweaveError): void;
  error(message: string, error: TabweaveError): void;
}

/**
 * Who is signed in: an id of the app's choice; null, nobody (anonymous); undefined, not known yet. What one
 * identity did is never shown to, nor sent as, another one.
 */
export type Identity = string | null | undefined;

/** What operations that have not ended may come to in all tabs together: more is refused with `outbox_full`. */
export interface OutboxLimits {
  /** How many there may be, at most 20,000. Default: 10,000. */
  readonly outboxOperationsMax?: number;
  /**
   * How many bytes their arguments may take, as they are estimated: a text two for each of its units, a number eight.
   * Those of sensitive operations do not count. Default: 67,108,864 (64 MiB).
   */
  readonly outboxBytesMax?: number;
}

export interface TabweaveOptions {
  /** Tabs of one namespace work together. By default the address of the source, or else "default". */
  readonly namespace?: string;
  /**
   * Who is signed in. Left out: nobody, for apps without accounts. Given as undefined: not known yet, so
   * nothing is shown, stored or sent until `client.setIdentity()` tells. When the page has a client of this
   * namespace already, only a string or null changes its identity.
   */
  readonly identity?: Identity;
  /**
   * As long as the identity is not known, takes the one that this namespace was used with last in this
   * browser, so that a person sees stored data before the server has said who they are. Default: false.
   */
  readonly resumeLastIdentity?: boolean;
  /** The app's own version, shown to the other tabs. Default: "". */
  readonly version?: string;
  /** What the outbox may hold; a tab keeps to those that it started with. */
  readonly limits?: OutboxLimits;
  /**
   * What the log of decisions keeps of values: themselves (`keep`, the default), or only their SHA-256 (`hash`), by which one
   * can be shown later to have been there, and by which what can be guessed can be found out.
   */
  readonly auditValues?: "keep" | "hash";
  /** Where results of queries come from. */
  readonly source?: Source;
  /** The operations and edits of the app. */
  readonly operations?: readonly Definition[];
  readonly logger?: Logger;
  /** Called when the engine is given up for this page: operations are kept and sent after a reload. */
  readonly onDegraded?: (error: TabweaveError) => void;
  /** Where the engine's WebAssembly comes from; by default from a chunk of this package. */
  readonly wasm?: WasmInput;
}

/** An operation that was called. Promises that nobody awaits never raise an unhandled rejection. */
export interface MutationHandle<Result> {
  readonly id: string;
  /**
   * Where the operation was written before the call returned. `indexeddb`: its commit is asked for, and outlives a
   * page that is killed in this very task. `localstorage`: it outlives the page and its crash, but a browser that is
   * killed within seconds may take it along. `memory`: nowhere yet, because the page has just begun to open its
   * journal, or nowhere at all, as what is sensitive; `persisted` tells which. It says nothing of what becomes of it later.
   */
  readonly durability: Durability;
  /**
   * Stands for the id of the document that the operation inserts without its key, in arguments of later operations; see
   * `creates`. Those of further documents: `placeholderOf(id, 1)` and so on.
   */
  readonly placeholder: string;
  /**
   * Resolves when the operation outlives this page. Rejects with a TabweaveError if it does not: `sensitive_operation`,
   * `storage_memory`, `storage_quota`, `storage_failed`, or why the call was refused.
   */
  readonly persisted: Promise<void>;
  /** Resolves with what the server answered; rejects with a TabweaveError. */
  readonly settled: Promise<Result>;
}

export interface TabweaveClient {
  readonly namespace: string;
  /** Who is signed in; see {@link TabweaveOptions.identity}. */
  readonly identity: Identity;
  /** This tab's id; another one after every change of identity, and "" while that is unknown. */
  readonly tab: string;
  /**
   * Says who is signed in. Nothing of the former identity is shown, sent or told to other tabs from then on;
   * `settled` of its unsettled operations rejects with `identity_changed`, and what is stored is sent when
   * that person signs in again. While the source changes its credentials the identity is best unknown:
   * `setIdentity(undefined)`, the new credentials, then `setIdentity(id)`, so that nothing is sent as somebody else in
   * between. Other tabs keep the identity they have.
   *
   * @throws TabweaveError `invalid_option`, `client_closed`, `reentrant_call`
   */
  setIdentity(identity: Identity): void;
  /**
   * Deletes everything that this browser stores of an identity in this namespace; null: of nobody. Tabs that
   * have this identity, this one too, do not know who is signed in afterwards.
   *
   * Resolves with the operations that were discarded undelivered. Rejects with `undelivered_operations`, whose
   * `undelivered` lists them, if there are any and `discardUndelivered` is not true; nothing is deleted then.
   * Rejects with `invalid_option`, `client_closed`, `server_side`, `storage_failed` as well.
   */
  erase(
    identity: string | null,
    options?: { readonly discardUndelivered?: boolean },
  ): Promise<readonly UndeliveredOperation[]>;
  /**
   * The topic of this name: entries that all tabs of this identity share, the latest of each key. Always the
   * same object for one name. `durable: true` stores them. All topics of one kind hold at
   * most 10,000 entries.
   *
   * @throws TabweaveError `invalid_option`, also if the name is in use with the other kind
   */
  topic<Value>(name: string, options: { readonly durable: true }): DurableTopic<Value>;
  topic<Value>(name: string, options: { readonly durable: false }): EphemeralTopic<Value>;
  /** Records what a person did, shows it at once, and sends it when it can be sent. Never throws. */
  mutate<Args, Result>(
    operation: Operation<Args, Result>,
    ...args: MutationArguments<NoInfer<Args>>
  ): MutationHandle<Result>;
  mutate<Document extends object, Args, Result>(
    edit: Edit<Document, Args, Result>,
    change: DocumentChange<NoInfer<Document>, NoInfer<Args>>,
    options?: CallOptions,
  ): MutationHandle<Result>;
  /** Adds definitions; a definition of a known name replaces it. Throws `client_closed` on a closed client. */
  register(...definitions: readonly Definition[]): void;
  /** Withdraws an operation that is not on its way; true if it could be. Throws `client_closed`. */
  cancel(id: string): boolean;
  /**
   * Tries an operation again that waits, is parked or is a dead letter, with all its retries before it; true if it
   * could be asked for. A sensitive dead letter only its own page can try again. Throws `client_closed`.
   */
  retry(id: string): boolean;
  /**
   * Does an operation with another argument: one that waits, is parked or is a dead letter is given up, and a new one,
   * with a key of its own and at the end of its scope, takes its place. Of one that may have taken effect
   * (`inDoubt`) the server is asked first, and told to refuse it from then on (`close` of the source).
   *
   * Resolves when the new one is persisted; until then the old one is kept as a dead letter, so that nothing is lost.
   * Rejects with `not_changeable`, `outcome_unknown`, `not_registered`, `client_closed`, and as `persisted` does.
   */
  edit<Args, Result = unknown>(id: string, args: Args): Promise<MutationHandle<Result>>;
  /**
   * Withdraws an operation as `cancel` does, but of one that may have taken effect (`inDoubt`) the server is asked
   * first, and told to refuse it from then on. False: it has taken effect, or cannot be withdrawn now. Rejects as
   * `edit` does.
   */
  withdraw(id: string): Promise<boolean>;
  /**
   * What was decided where two people had changed the same: by which rule or by whom, with what each side had and what came
   * of it, the oldest first. Every tab has the same log, and it outlives them.
   */
  getAuditLog(filter?: AuditFilter): Promise<readonly AuditEntry[]>;
  /** The whole log as JSON, which `readAuditExport` of `tabweave/merge` reads. */
  exportAudit(): Promise<string>;
  /**
   * Whether the log is whole: it finds what was changed, lost or moved by accident or here and there. That somebody made all
   * of it anew, or cut off its end, it finds by `known` only: the `head` of an earlier verdict that was kept elsewhere.
   */
  verifyAudit(known?: AuditLink): Promise<AuditVerdict>;
  /**
   * All dead letters as JSON, for somebody to look at or to keep: `{ format: "tabweave/dead-letters", version: 1, letters }`,
   * each with its arguments, its error, its attempts and its times (ISO 8601). What JSON lacks (BigInt, bytes, Date, Map, Set,
   * undefined) is an object with one field, `$`, that holds the kind and its parts. Of sensitive ones (`sensitive: true`)
   * it has neither arguments nor what the error says. Rejects with `storage_failed` if the
   * code for it cannot be loaded.
   */
  exportDeadLetters(): Promise<string>;
  /**
   * Makes a dead letter of an operation that is not on its way, so that it is not tried any more until somebody
   * retries it; true if it could be asked for. Throws `client_closed`.
   */
  setAside(id: string): boolean;
  /**
   * Says that the same person has signed in again: operations that stopped because the server did not know who
   * called (`why: "signed_out"`) are sent. A page that is loaded does this by itself. Throws `client_closed`.
   */
  signedIn(): void;
  /**
   * The name under which this page knew a document first: the same for a placeholder and for the id that the server gave
   * in its place, so that a list whose React keys are made with it keeps its items when the one becomes the other.
   */
  readonly keyOf: (id: string) => string;
  /** What a query shows now. */
  view<Document extends object, Args>(
    collection: Collection<Document, Args>,
    ...args: CallArguments<NoInfer<Args>>
  ): QuerySnapshot<Document[]>;
  /** Keeps a query up to date until the returned function is called. */
  subscribe<Document extends object, Args>(
    collection: Collection<Document, Args>,
    args: Args,
    listener: () => void,
  ): () => void;
  /**
   * Calls the listener whenever an operation becomes a dead letter, in every tab that listens: somebody has to decide.
   * Where nobody listens to this nor to `onSettledAnywhere`, and the page that called the operation is gone, the diagnostic
   * `dead_letter_unattended` tells. Returns a function that ends it.
   */
  onDeadLetter(listener: (letter: DeadLetter) => void): () => void;
  /**
   * Calls the listener, in every tab that listens, however and wherever an operation ends: those of earlier visits and of
   * other tabs too. To be told once over all tabs, see `onSettled` of definitions.
   */
  onSettledAnywhere(listener: (operation: SettledOperation) => void): () => void;
  /** Tells when this tab becomes the leader, and when it is it no more. */
  onLeadershipChange(listener: (change: LeadershipChange) => void): () => void;
  /** All known operations. */
  readonly outbox: Store<OutboxSnapshot>;
  /**
   * Edits that contradict what the server holds, and that no rule decides: each holds up its scope until somebody does. The
   * same in all tabs, and after a reload. Decided once, from any of them.
   */
  readonly conflicts: Conflicts;
  readonly connectivity: Store<ConnectivitySnapshot>;
  /**
   * Looks for tabs that left without a word until the returned function is called: while this tab is visible,
   * one that crashed leaves `peers` of `connectivity` within 3 s.
   */
  watchPeers(): () => void;
  /** What went wrong or had to be done without, newest last. */
  readonly diagnostics: Store<readonly Diagnostic[]>;
  /** Counts a mounted provider; the returned function counts it out. Nothing is ever closed by it. */
  mount(): () => void;
  /** Leaves the other tabs and stops. What is not sent stays stored. */
  close(): void;
}
