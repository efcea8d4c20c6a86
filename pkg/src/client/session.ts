import type { Definition } from "../definition/parts.js";
import type { EngineEvent, Settlement } from "../engine/binding.js";
import type { EngineCore } from "../engine/core.js";
import { TabweaveError } from "../errors/error.js";
import { newId } from "../id.js";
import { Journal } from "../journal.js";
import type { Source } from "../source.js";
import { Acceptance } from "./acceptance.js";
import type { Connectivity } from "./connectivity.js";
import type { Core } from "./core.js";
import type { DiagnosticLog } from "./diagnostics.js";
import { EarlyCore } from "./early.js";
import type { Handlers } from "./handlers.js";
import type { Listeners } from "./listeners.js";
import { holdLock } from "./locks.js";
import { Names } from "./names.js";
import type { Optimism } from "./optimism.js";
import type { ResolvedOptions } from "./options.js";
import type { Outbox } from "./outbox.js";
import type { Queries } from "./queries.js";
import { Runtime } from "./runtime.js";
import { Settlements } from "./settlements.js";
import type { LeadershipChange, SettledOperation } from "./snapshots.js";
import type { Topics } from "./topics.js";
import type { MutationHandle } from "./types.js";

/** What outlives a session: the rooms of the client, which show what the session tells them. */
export interface SessionRooms {
  readonly options: ResolvedOptions;
  readonly handlers: Handlers;
  readonly optimism: Optimism;
  readonly queries: Queries;
  readonly topics: Topics;
  readonly outbox: Outbox;
  readonly connectivity: Connectivity;
  readonly diagnostics: DiagnosticLog;
  readonly settled: Listeners<[SettledOperation]>;
  readonly led: Listeners<[LeadershipChange]>;
}

/**
 * One identity's time in this page: its names, journal, engine, and what is awaited of its operations.
 * Another identity gets a session of its own; a closed one tells and sends nothing more.
 */
export class Session {
  /** The tab, as the others of this identity know it. */
  readonly tab = newId();
  readonly settlements = new Settlements();
  readonly #names: Names;
  readonly #journal: Journal;
  readonly #acceptance: Acceptance;
  readonly #runtime: Runtime;
  #source: Source | undefined;
  #isClosed = false;
  #isLeading = false;
  #isRefreshing = false;
  #keysAreStale = false;
  #leave: () => void = () => {};
  #stopSource: () => void = () => {};
  /** Holds the place of the engine's own life lock until there is one. */
  #endStart: () => void = () => {};

  constructor(
    private readonly rooms: SessionRooms,
    readonly identity: string | null,
  ) {
    this.#names = new Names(rooms.options.namespace, identity);
    this.#journal = new Journal(this.#names.journals + this.tab, (cause) => this.#journalFailed(cause));
    this.#runtime = this.#makeRuntime();
    this.#acceptance = this.#makeAcceptance();
  }

  start(): void {
    const leavePage = holdLock(this.#names.pageLocks + this.tab, () => void this.#journal.open());
    this.#endStart = holdLock(`${this.#names.lifeLocks + this.tab}/start`);
    this.#leave = () => {
      leavePage();
      this.#endStart();
    };
    void this.#runtime.start();
  }

  /** Calls the engine or its stand-in. */
  use<T>(call: (core: Core) => T): T {
    return this.#runtime.use(call);
  }

  accept(definition: Definition, argument: unknown): MutationHandle<unknown> {
    return this.#acceptance.accept(definition, argument);
  }

  /** Takes results from this source from now on; those of the former one are not heard any more. */
  follow(source: Source | undefined): void {
    this.#stopSource();
    this.#source = source;
    const connected = (isConnected: boolean) => {
      this.rooms.connectivity.sourceChanged(isConnected);
      this.use((core) => core.handleConnection(isConnected));
    };
    const isCurrent = () => !this.#isClosed && this.#source === source;
    this.#stopSource =
      source?.listen({
        connection: (isConnected) => isCurrent() && connected(isConnected),
        deliver: (batch) => isCurrent() && this.rooms.queries.deliver(batch),
        serverTime: (ms) => isCurrent() && this.use((core) => core.handleServerTime(ms)),
        diagnostic: (code, cause) => void this.rooms.diagnostics.report(code, { cause }),
      }) ?? (() => {});
    if (source === undefined) connected(true);
    this.rooms.queries.follow(source);
    this.#watchKeys();
  }

  /** Gives everything back. What is not sent stays stored. Resolves when nothing is held any more. */
  close(error: TabweaveError): Promise<void> {
    this.#isClosed = true;
    this.#stopSource();
    this.#runtime.close();
    this.#lead(undefined);
    this.settlements.close(error);
    this.#acceptance.degrade();
    // The journal's lock is given back last: until then nobody takes the database for an orphan.
    return this.#journal.close().finally(this.#leave);
  }

  #makeRuntime(): Runtime {
    const { rooms } = this;
    const source = () => this.#source;
    return new Runtime({
      names: this.#names,
      tab: this.tab,
      wasm: rooms.options.wasm,
      handlers: rooms.handlers,
      get source() {
        return source();
      },
      version: rooms.options.version ?? "",
      optimistic: (run, draft) => rooms.optimism.run(run, draft),
      event: (event) => this.#hear(event),
      peers: () => rooms.connectivity.getSnapshot().peers,
      journalFailed: (cause) => this.#journalFailed(cause),
      awaitsKey: (id) => this.use((core) => core.pendingKeys()).includes(id),
      remember: (id, thrown) => this.settlements.remember(id, thrown),
      handleAttempt: (...answer) => this.use((core) => core.handleAttempt(...answer)),
      standIn: () => this.#standIn(),
      restore: (core) => this.#restore(core),
      report: (error) => rooms.diagnostics.add(error),
      degraded: (error) => this.#degrade(error),
    });
  }

  #makeAcceptance(): Acceptance {
    const knowsKeys = () => this.#source?.knowsKeys === true;
    return new Acceptance({
      handlers: this.rooms.handlers,
      optimism: this.rooms.optimism,
      settlements: this.settlements,
      diagnostics: this.rooms.diagnostics,
      journal: this.#journal,
      get knowsKeys() {
        return knowsKeys();
      },
      storageError,
      find: (collection, key, args) => this.rooms.queries.find(collection, key, args),
      enter: (record) => this.use((core) => core.mutate(record)),
    });
  }

  #standIn(): EarlyCore {
    const { optimism, queries, outbox } = this.rooms;
    const listener = {
      viewChanged: (tokens: readonly string[]) => queries.changed(tokens),
      operationChanged: () => outbox.changed(),
      cancelled: (id: string) => {
        this.#settle(id, { state: "cancelled" });
        outbox.changed();
      },
    };
    return new EarlyCore(this.tab, optimism, listener, this.#journal.records);
  }

  #restore(core: EngineCore): void {
    const { handlers, queries, topics, outbox, connectivity } = this.rooms;
    core.start();
    core.register(handlers.names);
    const records = this.#journal.records;
    if (records.length > 0) core.adopt(this.tab, records);
    queries.restore(core);
    core.handleConnection(connectivity.isSourceConnected);
    topics.restore(core);
    if (connectivity.peers.isWatched) core.watchPeers(true);
    // An engine that knows nothing has to be told again of keys that were told before.
    this.#source?.watchKeys([]);
    this.#watchKeys();
    queries.allChanged();
    outbox.changed();
  }

  #degrade(error: TabweaveError): void {
    const { queries, topics, outbox, connectivity, options } = this.rooms;
    this.#acceptance.degrade();
    topics.degrade(error);
    // Another tab may have an engine: it may take over this one's journal.
    this.#endStart();
    this.use((core) => queries.restore(core));
    queries.allChanged();
    outbox.changed();
    connectivity.changed();
    // In a task of its own: what the app throws there must not look like the engine's refusal of a call.
    queueMicrotask(() => options.onDegraded?.(error));
  }

  #hear(event: EngineEvent): void {
    if (this.#isClosed) return;
    switch (event.type) {
      case "view":
        this.rooms.queries.changed(event.queries);
        break;
      case "operation":
        this.rooms.outbox.changed();
        break;
      case "pending":
        this.#watchKeys();
        break;
      case "topic":
        this.rooms.topics.hear(event);
        break;
      case "topic_stored":
        this.rooms.topics.stored(event.topic, event.key, this.#isDurable);
        break;
      case "journal_released":
        if (this.#isDurable) this.#journal.release(event.id);
        this.#acceptance.released(event.id, this.#isDurable);
        break;
      case "settled":
        this.#settle(event.id, event.settlement);
        break;
      case "diagnostic":
        if (event.code === "engine_crashed") this.#runtime.lookSoon();
        else this.rooms.diagnostics.report(event.code, { operation: event.operation, cause: event.error });
        break;
      case "leadership":
        this.#lead(event.epoch);
        break;
    }
    this.#refreshSoon();
  }

  /** Whether what the engine's store holds outlives the page. */
  get #isDurable(): boolean {
    return this.use((core) => core.status())?.storage !== "memory";
  }

  #lead(epoch: number | undefined): void {
    if (epoch === undefined && !this.#isLeading) return;
    this.#isLeading = epoch !== undefined;
    this.rooms.led.tell({ leads: this.#isLeading, epoch });
  }

  #settle(id: string, settlement: Settlement): void {
    const { settled, outbox } = this.rooms;
    this.#journal.release(id);
    this.#acceptance.settled(id);
    const error = this.settlements.settle(id, settlement);
    const result = settlement.state === "done" ? settlement.result : undefined;
    const name = settled.size > 0 ? outbox.nameOf(id) : undefined;
    settled.tell({ id, name, state: settlement.state, result, error });
  }

  /** Tells the source, once for all changes of a task, which operations are waited for. */
  #watchKeys(): void {
    if (this.#keysAreStale || this.#source?.knowsKeys !== true) return;
    this.#keysAreStale = true;
    queueMicrotask(() => {
      this.#keysAreStale = false;
      if (!this.#isClosed) this.#source?.watchKeys(this.use((core) => core.pendingKeys()));
    });
  }

  /** Looks at the engine's status, once for all events of a task. */
  #refreshSoon(): void {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    queueMicrotask(() => {
      this.#isRefreshing = false;
      if (this.#isClosed) return;
      this.rooms.connectivity.changed();
      if (this.use((core) => core.status())?.started === true) this.#endStart();
    });
  }

  #journalFailed(cause: unknown): void {
    this.rooms.diagnostics.addOnce(storageError(cause));
  }
}

/** Why the journal could not write. */
function storageError(cause: unknown): TabweaveError {
  if (typeof indexedDB === "undefined") return new TabweaveError("storage_memory", { cause });
  const isFull = cause instanceof DOMException && cause.name === "QuotaExceededError";
  return new TabweaveError(isFull ? "storage_quota" : "storage_failed", { cause });
}
