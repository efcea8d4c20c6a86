import type { TabweaveErrorCode } from "../errors/codes.js";
import type { Conflicts } from "./conflicts.js";
import type { Connectivity } from "./connectivity.js";
import type { Core } from "./core.js";
import type { DeadLetter } from "./deadLetter.js";
import type { DiagnosticLog } from "./diagnostics.js";
import type { Handlers } from "./handlers.js";
import type { Listeners } from "./listeners.js";
import type { Optimism } from "./optimism.js";
import type { ResolvedOptions } from "./options.js";
import type { Outbox } from "./outbox.js";
import type { Placeholders } from "./placeholders.js";
import type { Queries } from "./queries.js";
import type { LeadershipChange, SettledOperation } from "./snapshots.js";
import type { Topics } from "./topics.js";
import type { Identity, MutationHandle } from "./types.js";

/** The rooms of a client: what outlives a session and shows what that tells. */
export interface Rooms {
  readonly options: ResolvedOptions;
  readonly handlers: Handlers;
  readonly optimism: Optimism;
  readonly placeholders: Placeholders;
  readonly queries: Queries;
  readonly topics: Topics;
  readonly outbox: Outbox;
  readonly conflicts: Conflicts;
  readonly connectivity: Connectivity;
  readonly diagnostics: DiagnosticLog;
  readonly settled: Listeners<[SettledOperation]>;
  readonly deadLettered: Listeners<[DeadLetter]>;
  readonly led: Listeners<[LeadershipChange]>;
  /** This tab's id; "" while there is no session. */
  readonly tab: string;
  /** Calls the engine or its stand-in; undefined if there is no session to ask. */
  use<T>(call: (core: Core) => T): T | undefined;
  /** Why nothing can be accepted. */
  unavailable(): TabweaveErrorCode | undefined;
  setIdentity(identity: Identity): void;
  retry(id: string): boolean;
  edit(id: string, args: unknown): Promise<MutationHandle<never>>;
  withdraw(id: string): Promise<boolean>;
}
