import type { Collection } from "../definition/collection.js";
import type { Definition } from "../definition/parts.js";
import type { EngineEvent, Settlement } from "../engine/binding.js";
import type { EngineCore } from "../engine/core.js";
import { TabweaveError } from "../errors/error.js";
import { newId } from "../id.js";
import { Journal } from "../journal.js";
import type { Source } from "../source.js";
import { Acceptance } from "./acceptance.js";
import { Connectivity } from "./connectivity.js";
import { DiagnosticLog } from "./diagnostics.js";
import { EarlyCore } from "./early.js";
import { Handlers } from "./handlers.js";
import { Listeners } from "./listeners.js";
import { holdLock } from "./locks.js";
import { Names } from "./names.js";
import { Optimism } from "./optimism.js";
import type { ResolvedOptions } from "./options.js";
import { Outbox } from "./outbox.js";
import { Queries } from "./queries.js";
import { Runtime } from "./runtime.js";
import { Settlements } from "./settlements.js";
import type { QuerySnapshot, SettledOperation } from "./snapshots.js";
import type { MutationHandle, TabweaveClient } from "./types.js";

/** The living client of a page: it joins the rooms and passes on what each has to tell the others. */
export class Client implements TabweaveClient {
  readonly namespace: string;
  readonly identity: string;
  readonly tab = newId();
  readonly diagnostics: DiagnosticLog;
  readonly outbox: Outbox;
  readonly connectivity: Connectivity;

  readonly #names: Names;
  readonly #handlers = new Handlers();
  readonly #settlements = new Settlements();
  readonly #settledListeners = new Listeners<[SettledOperation]>();
  readonly #optimism: Optimism;
  readonly #queries: Queries;
  readonly #journal: Journal;
  readonly #acceptance: Acceptance;
  readonly #runtime: Runtime;

  #options: ResolvedOptions;
  #source: Source | undefined;
  #stage: "inert" | "running" | "closed" = "inert";
  #mounts = 0;
  #isRefreshing = false;
  #keysAreStale = false;
  #leave: () => void = () => {};
  #stopSource: () => void = () => {};
  /** Holds the place of the engine's own life lock until there is one. */
  #endStart: () => void = () => {};

  constructor(
    options: ResolvedOptions,
    private readonly closed: () => void = () => {},
  ) {
    this.#options = options;
    this.namespace = options.namespace;
    this.identity = options.identity;
    this.#names = new Names(options.namespace, options.identity);
    this.diagnostics = new DiagnosticLog(options.logger);
    this.#handlers.add(options.operations ?? []);
    this.#optimism = new Optimism(this.#handlers, () => this.#queries.loaded);
    this.#journal = new Journal(this.#names.journals + this.tab, (cause) => this.#journalFailed(cause));
    this.#runtime = this.#makeRuntime();
    this.connectivity = new Connectivity({
      tab: this.tab,
      status: () => this.#runtime.use((core) => core.status()),
      connectedChanged: () => this.#queries.allChanged(),
    });
    this.#queries = this.#makeQueries();
    this.outbox = new Outbox({
      operations: () => this.#runtime.use((core) => core.operations()),
      failure: (id, failure) => this.#settlements.failure(id, failure),
    });
    this.#acceptance = this.#makeAcceptance();
  }

  /** Begins; in a browser only. */
  start(): void {
    this.#stage = "running";
    const leavePage = holdLock(this.#names.pageLocks + this.tab, () => void this.#journal.open());
    this.#endStart = holdLock(`${this.#names.lifeLocks + this.tab}/start`);
    this.#leave = () => {
      leavePage();
      this.#endStart();
    };
    this.connectivity.start();
    this.#follow(this.#options.source);
    void this.#runtime.start();
  }

  /** Called instead of a second constructor: the page has a client of this namespace already. */
  reconfigure(options: ResolvedOptions): void {
    this.#options = { ...this.#options, ...options };
    if (options.logger !== undefined) this.diagnostics.logger = options.logger;
    this.register(...(options.operations ?? []));
    if (options.source !== undefined && options.source !== this.#source) this.#follow(options.source);
  }

  mutate(definition: Definition, argument?: unknown): MutationHandle<never> {
    this.#optimism.assertOutside();
    return this.#acceptance.accept(definition, argument) as MutationHandle<never>;
  }

  register(...definitions: readonly Definition[]): void {
    this.#optimism.assertOutside();
    this.#handlers.add(definitions);
    if (this.#stage === "running") this.#runtime.use((core) => core.register(this.#handlers.names));
  }

  cancel(id: string): boolean {
    this.#optimism.assertOutside();
    return this.#stage === "running" && this.#runtime.use((core) => core.cancel(id));
  }

  retry(id: string): boolean {
    this.#optimism.assertOutside();
    return this.#stage === "running" && this.#runtime.use((core) => core.retry(id));
  }

  view<Document extends object, Args>(
    collection: Collection<Document, Args>,
    args?: unknown,
  ): QuerySnapshot<Document[]> {
    this.#optimism.assertOutside();
    return this.#queries.snapshot(collection, args) as QuerySnapshot<Document[]>;
  }

  subscribe<Document extends object, Args>(
    collection: Collection<Document, Args>,
    args: Args,
    listener: () => void,
  ): () => void {
    this.#optimism.assertOutside();
    if (this.#stage !== "running") return () => {};
    return this.#queries.subscribe(collection, args, listener);
  }

  onSettled(listener: (operation: SettledOperation) => void): () => void {
    return this.#settledListeners.add(listener);
  }

  mount(): () => void {
    this.#mounts += 1;
    return () => {
      this.#mounts -= 1;
    };
  }

  /** How many providers show this client. */
  get mounts(): number {
    return this.#mounts;
  }

  close(): void {
    this.#optimism.assertOutside();
    if (this.#stage !== "running") return;
    this.#stage = "closed";
    this.closed();
    this.#queries.close();
    this.#stopSource();
    this.connectivity.stop();
    this.#runtime.close();
    this.#settlements.close(new TabweaveError("client_closed"));
    // The journal's lock is given back last: until then nobody takes the database for an orphan.
    void this.#journal.close().finally(this.#leave);
  }

  #makeRuntime(): Runtime {
    const source = () => this.#source;
    return new Runtime({
      names: this.#names,
      tab: this.tab,
      wasm: this.#options.wasm,
      handlers: this.#handlers,
      get source() {
        return source();
      },
      optimistic: (run, draft) => this.#optimism.run(run, draft),
      event: (event) => this.#hear(event),
      peers: () => this.connectivity.getSnapshot().peers.map(({ tab }) => tab),
      journalFailed: (cause) => this.#journalFailed(cause),
      awaitsKey: (id) => this.#runtime.use((core) => core.pendingKeys()).includes(id),
      remember: (id, thrown) => this.#settlements.remember(id, thrown),
      handleAttempt: (...answer) => this.#runtime.use((core) => core.handleAttempt(...answer)),
      standIn: () => this.#standIn(),
      restore: (core) => this.#restore(core),
      report: (error) => this.diagnostics.add(error),
      degraded: (error) => this.#degrade(error),
    });
  }

  #makeQueries(): Queries {
    const isConnected = () => this.connectivity.isConnected;
    return new Queries({
      get isConnected() {
        return isConnected();
      },
      watch: (token) => this.#runtime.use((core) => core.watch(token)),
      unwatch: (token) => this.#runtime.use((core) => core.unwatch(token)),
      view: (token) => this.#runtime.use((core) => core.view(token)),
      handleBase: (updates, seen) => this.#runtime.use((core) => core.handleBase(updates, seen)),
    });
  }

  #makeAcceptance(): Acceptance {
    const knowsKeys = () => this.#source?.knowsKeys === true;
    return new Acceptance({
      handlers: this.#handlers,
      optimism: this.#optimism,
      settlements: this.#settlements,
      diagnostics: this.diagnostics,
      journal: this.#journal,
      get knowsKeys() {
        return knowsKeys();
      },
      storageError,
      unavailable: () =>
        this.#stage === "running" ? undefined : this.#stage === "closed" ? "client_closed" : "server_side",
      find: (collection, key, args) => this.#queries.find(collection, key, args),
      enter: (record) => this.#runtime.use((core) => core.mutate(record)),
    });
  }

  #standIn(): EarlyCore {
    return new EarlyCore(
      this.tab,
      this.#optimism,
      {
        viewChanged: (queries) => this.#queries.changed(queries),
        operationChanged: () => this.outbox.changed(),
        cancelled: (id) => {
          this.#settle(id, { state: "cancelled" });
          this.outbox.changed();
        },
      },
      this.#journal.records,
    );
  }

  #restore(core: EngineCore): void {
    core.start();
    core.register(this.#handlers.names);
    const records = this.#journal.records;
    if (records.length > 0) core.adopt(this.tab, records);
    this.#queries.restore(core);
    core.handleConnection(this.connectivity.isSourceConnected);
    // An engine that knows nothing has to be told again of keys that were told before.
    this.#source?.watchKeys([]);
    this.#watchKeys();
    this.#queries.allChanged();
    this.outbox.changed();
  }

  #degrade(error: TabweaveError): void {
    this.#acceptance.degrade();
    // Another tab may have an engine: it may take over this one's journal.
    this.#endStart();
    this.#runtime.use((core) => this.#queries.restore(core));
    this.#queries.allChanged();
    this.outbox.changed();
    this.connectivity.changed();
    // In a task of its own: what the app throws there must not look like the engine's refusal of a call.
    queueMicrotask(() => this.#options.onDegraded?.(error));
  }

  #follow(source: Source | undefined): void {
    this.#stopSource();
    this.#source = source;
    const connected = (isConnected: boolean) => {
      this.connectivity.sourceChanged(isConnected);
      this.#runtime.use((core) => core.handleConnection(isConnected));
    };
    this.#stopSource =
      source?.listen({
        connection: connected,
        deliver: (batch) => this.#queries.deliver(batch),
        diagnostic: (code, cause) => void this.diagnostics.report(code, { cause }),
      }) ?? (() => {});
    if (source === undefined) connected(true);
    this.#queries.follow(source);
    this.#watchKeys();
  }

  #hear(event: EngineEvent): void {
    switch (event.type) {
      case "view":
        this.#queries.changed(event.queries);
        break;
      case "operation":
        this.outbox.changed();
        break;
      case "pending":
        this.#watchKeys();
        break;
      case "journal_released":
        this.#released(event.id);
        break;
      case "settled":
        this.#settle(event.id, event.settlement);
        break;
      case "diagnostic":
        this.#diagnose(event);
        break;
      case "leadership":
      case "peers":
        break;
    }
    this.#refreshSoon();
  }

  #diagnose({ code, operation, error }: Extract<EngineEvent, { type: "diagnostic" }>): void {
    if (code === "engine_crashed") this.#runtime.lookSoon();
    else this.diagnostics.report(code, { operation, cause: error });
  }

  /** The engine's store took an operation over. One in memory does not outlive the page: the journal does. */
  #released(id: string): void {
    const isDurable = this.#runtime.use((core) => core.status())?.storage !== "memory";
    if (isDurable) this.#journal.release(id);
    this.#acceptance.released(id, isDurable);
  }

  #settle(id: string, settlement: Settlement): void {
    this.#journal.release(id);
    this.#acceptance.settled(id);
    const error = this.#settlements.settle(id, settlement);
    const result = settlement.state === "done" ? settlement.result : undefined;
    const name = this.#settledListeners.size > 0 ? this.outbox.nameOf(id) : undefined;
    this.#settledListeners.tell({ id, name, state: settlement.state, result, error });
  }

  /** Tells the source, once for all changes of a task, which operations are waited for. */
  #watchKeys(): void {
    if (this.#keysAreStale || this.#source?.knowsKeys !== true) return;
    this.#keysAreStale = true;
    queueMicrotask(() => {
      this.#keysAreStale = false;
      if (this.#stage === "running") this.#source?.watchKeys(this.#runtime.use((core) => core.pendingKeys()));
    });
  }

  /** Looks at the engine's status, once for all events of a task. */
  #refreshSoon(): void {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    queueMicrotask(() => {
      this.#isRefreshing = false;
      if (this.#stage === "running") this.#refresh();
    });
  }

  #refresh(): void {
    this.connectivity.changed();
    const status = this.#runtime.use((core) => core.status());
    if (status?.started === true) this.#endStart();
  }

  #journalFailed(cause: unknown): void {
    this.diagnostics.addOnce(storageError(cause));
  }
}

/** Why the journal could not write. */
function storageError(cause: unknown): TabweaveError {
  if (typeof indexedDB === "undefined") return new TabweaveError("storage_memory", { cause });
  const isFull = cause instanceof DOMException && cause.name === "QuotaExceededError";
  return new TabweaveError(isFull ? "storage_quota" : "storage_failed", { cause });
}
