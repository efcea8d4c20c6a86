import type {
  EngineStatus,
  EngineView,
  Failure,
  JournalRecord,
  OperationRecord,
  OutcomeKind,
} from "../engine/binding.js";
import type { TabweaveError } from "../errors/error.js";

/** Who holds results and operations: the engine, or for as long as there is none, a stand-in. */
export interface Core {
  /** Throws what the optimistic function threw, or why the operation was refused; nothing is kept then. */
  mutate(record: JournalRecord): void;
  register(names: string[]): void;
  watch(query: string): void;
  unwatch(query: string): void;
  handleBase(updates: Array<[query: string, value: unknown]>, seen: string[]): void;
  handleAttempt(
    id: string,
    attempt: number,
    kind: OutcomeKind,
    value: unknown,
    seen: boolean,
    afterMs?: number,
  ): void;
  handleConnection(connected: boolean): void;
  publish(durable: boolean, topic: string, key: string, value: unknown, removed: boolean): void;
  watchPeers(watching: boolean): void;
  handleServerTime(ms: number): void;
  cancel(id: string): boolean;
  retry(id: string): boolean;
  view(query: string): EngineView | undefined;
  operations(): readonly OperationRecord[];
  /** The source is another one: it has to be told which operations are waited for. */
  watchKeys(): void;
  /** The error of a failed attempt; only an engine has those. */
  failure?(id: string, failure: Failure): TabweaveError;
  pendingKeys(): readonly string[];
  status(): EngineStatus | undefined;
  close(): void;
}
