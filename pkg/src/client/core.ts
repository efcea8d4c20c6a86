import type { AuditEntry } from "../audit/types.js";
import type { EngineOutcome, EngineView, JournalRecord, OperationRecord, Wish } from "../engine/binding.js";
import type { ConflictResolution, ParkedConflict } from "../merge/parked.js";
import type { ConnectivitySnapshot, OutboxEntry } from "./snapshots.js";

/** What an engine knows of this tab and of the others. */
export type Place = Omit<ConnectivitySnapshot, "online" | "connected" | "tab">;

/** Who holds results and operations: the engine, or for as long as there is none, a stand-in. */
export interface Core {
  /** Throws what the optimistic function threw, or why the operation was refused; nothing is kept then. */
  mutate(record: JournalRecord): void;
  /** Has what was accepted stored in this very task, which nothing else holds; only an engine has a store. */
  flush?(): void;
  register(names: string[]): void;
  watch(query: string): void;
  unwatch(query: string): void;
  handleBase(updates: Array<[query: string, value: unknown]>, seen: string[]): void;
  handleAttempt(id: string, attempt: number, outcome: EngineOutcome): void;
  handleConnection(connected: boolean): void;
  publish(durable: boolean, topic: string, key: string, value: unknown, removed: boolean): void;
  watchPeers(watching: boolean): void;
  /** The session learned of the server's time: a stand-in makes no use of it. */
  tellServerTime?(): void;
  /** The app is through with what it was told of an operation's end; only an engine has it told. */
  handleReported?(id: string, endedMs: number): void;
  /** The person has signed in again. */
  signedIn(): void;
  wish(id: string, wish: Wish): boolean;
  /**
   * Settles whether an operation took effect that an attempt without an answer was made of. True: it can be given up.
   * False: it is done. Rejects with `outcome_unknown`.
   */
  settleDoubt(entry: OutboxEntry): Promise<boolean>;
  view(query: string): EngineView | undefined;
  /** All known operations, each as the same object until something about it changed. */
  entries(): readonly OutboxEntry[];
  /** The same as the store keeps them; only an engine knows. */
  records?(): readonly OperationRecord[];
  /** Edits that wait for a person, each as the same object until something about it changed; only an engine knows. */
  conflicts?(): readonly ParkedConflict[];
  /** A person has decided. False: the edit waits for nobody (any more). Throws `not_changeable`. */
  resolve?(id: string, resolution: ConflictResolution): boolean;
  /** Reads the audit trail; only an engine has one. Rejects with `storage_failed`. */
  readAudit?(): Promise<readonly AuditEntry[]>;
  /** The source is another one: it has to be told which operations are waited for. */
  watchKeys(): void;
  pendingKeys(): readonly string[];
  /** This tab among the others; only an engine knows. */
  place(): Place | undefined;
  close(): void;
}
