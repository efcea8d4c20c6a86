import type { LivingEngine } from "../engine/living.js";
import { type LoadedEngine, loadEngine } from "../engine/load.js";
import { TabweaveError } from "../errors/error.js";
import { newId } from "../id.js";
import { Journal } from "../journal.js";
import type { Source } from "../source.js";
import type { Core } from "./core.js";
import { EarlyCore } from "./early.js";
import { holdLock } from "./locks.js";
import { Names } from "./names.js";
import type { Rooms } from "./rooms.js";
import { Secrets } from "./secrets.js";
import { Settlements } from "./settlements.js";
import type { SettledOperation } from "./snapshots.js";

/**
 * One identity's time in this page: its names, journal, engine, and what is awaited of its operations.
 * Another identity gets a session of its own; a closed one tells and sends nothing more.
 */
export class Session {
  /** The tab, as the others of this identity know it. */
  readonly tab = newId();
  readonly names: Names;
  readonly journal: Journal;
  readonly settlements = new Settlements();
  readonly secrets = new Secrets();
  /** The engine, or for as long as there is none, a stand-in. */
  core: Core;
  #engine: LivingEngine | undefined;
  source: Source | undefined;
  /** How far this device's clock is behind the server's; undefined: nobody told. */
  serverOffsetMs: number | undefined;
  isClosed = false;
  /** Gives up the lock that holds the place of the engine's own life lock until there is one. */
  endStart: () => void = () => {};
  /** Gives that lock up. */
  leavePage: () => void = () => {};
  #stopSource: () => void = () => {};

  constructor(
    readonly rooms: Rooms,
    readonly identity: string | null,
  ) {
    this.names = new Names(rooms.options.namespace, identity);
    this.journal = new Journal(this.names.journals + this.tab, (cause) => this.journalFailed(cause));
    this.core = this.standIn();
  }

  start(): void {
    this.holdPage(() => void this.journal.open());
    this.endStart = holdLock(`${this.names.locks("life") + this.tab}/start`);
    loadEngine(this.rooms.options.wasm).then(
      (make) => this.#build(make),
      (error: TabweaveError) => this.#giveUp(error),
    );
  }

  /** Holds the lock that says that this page exists. */
  holdPage(entered?: () => void): void {
    this.leavePage = holdLock(this.names.locks("page") + this.tab, entered);
  }

  /** Calls the engine or its stand-in. */
  use<T>(call: (core: Core) => T): T {
    return this.#engine === undefined ? call(this.core) : this.#engine.use(call);
  }

  /** Takes results from this source from now on; those of the former one are not heard any more. */
  follow(source: Source | undefined): void {
    const { connectivity, queries, diagnostics } = this.rooms;
    this.#stopSource();
    this.source = source;
    const connection = (isConnected: boolean) => {
      connectivity.sourceChanged(isConnected);
      this.use((core) => core.handleConnection(isConnected));
    };
    const ifCurrent =
      <Told extends unknown[]>(hear: (...told: Told) => unknown) =>
      (...told: Told) => {
        if (!this.isClosed && this.source === source) hear(...told);
      };
    this.#stopSource =
      source?.listen({
        connection: ifCurrent(connection),
        deliver: ifCurrent((batch) => queries.deliver(batch)),
        serverTime: ifCurrent((ms) => {
          this.serverOffsetMs = ms - Date.now();
          this.use((core) => core.tellServerTime?.());
        }),
        diagnostic: ifCurrent((code, cause) => diagnostics.report(code, cause)),
      }) ?? (() => {});
    if (source === undefined) connection(true);
    // Somebody who was told of the connection may have changed the identity.
    if (this.isClosed) {
      this.#stopSource();
      return;
    }
    queries.follow(source);
    this.use((core) => core.watchKeys());
  }

  /** An operation came to its end. */
  settle(operation: Omit<SettledOperation, "name">): void {
    const { settled, outbox } = this.rooms;
    const { id } = operation;
    this.journal.release(id);
    // A dead letter can be tried again.
    if (operation.state !== "dead") this.secrets.release(id);
    if (operation.mergedInto === undefined) this.settlements.settle(operation);
    else this.settlements.follow(id, operation.mergedInto);
    settled.tell({ ...operation, name: settled.size > 0 ? outbox.nameOf(id) : undefined });
  }

  /** A stand-in for the engine. */
  standIn(): EarlyCore {
    return new EarlyCore(this);
  }

  /** The engine is given up for this page. */
  degrade(error: TabweaveError): void {
    const { queries, topics, outbox, connectivity, options } = this.rooms;
    this.settlements.degrade();
    topics.degrade(error);
    // Another tab may have an engine: it may take over this one's journal.
    this.endStart();
    queries.allChanged();
    outbox.changed();
    connectivity.changed();
    // In a task of its own: what the app throws there must not look like the engine's refusal of a call.
    queueMicrotask(() => options.onDegraded?.(error));
  }

  journalFailed(cause: unknown): void {
    this.rooms.diagnostics.addOnce(storageError(cause));
  }

  /** Gives everything back. What is not sent stays stored. Resolves when nothing is held any more. */
  async close(error: TabweaveError): Promise<void> {
    this.isClosed = true;
    this.#stopSource();
    this.#engine?.stop();
    this.core.close();
    this.secrets.clear();
    this.settlements.close(error);
    await this.journal.close();
    // Given back last: until then nobody takes the journal for an orphan.
    this.leavePage();
    this.endStart();
  }

  #build(make: LoadedEngine): void {
    if (this.isClosed) return;
    this.#engine = make(this);
    this.#engine.build();
  }

  #giveUp(error: TabweaveError): void {
    if (this.isClosed) return;
    this.rooms.diagnostics.add(error);
    this.degrade(error);
  }
}

/** Why the journal could not write. */
export function storageError(cause: unknown): TabweaveError {
  if (cause instanceof TabweaveError) return cause;
  const isFull = (cause as Error | null)?.name === "QuotaExceededError";
  return new TabweaveError(isFull ? "storage_quota" : "storage_failed", { cause });
}
