import type { Session } from "../client/session.js";
import { TabweaveError } from "../errors/error.js";
import type { Attempts } from "./attempts.js";
import type { EngineEvent, Settlement } from "./binding.js";
import { CREATED_TOPIC, type Creations } from "./creations.js";
import { tellDeadLetter } from "./deadLetters.js";
import type { Dependants } from "./dependants.js";
import type { OrphanFinder } from "./orphans.js";
import type { Rebasing } from "./rebasing.js";
import { tellEnd } from "./reports.js";
import { topicStored } from "./topics.js";

/** Passes on what an engine tells, to the rooms that it concerns. */
export class Hearing {
  #isLeading = false;
  #hasStarted = false;
  #isRefreshing = false;
  /** Operations that were told as changed in this task. */
  #changed = new Set<string>();
  #keysAreStale = false;

  constructor(
    private readonly session: Session,
    private readonly attempts: Attempts,
    private readonly orphans: OrphanFinder,
    private readonly creations: Creations,
    private readonly dependants: Dependants,
    private readonly rebasing: Rebasing,
  ) {}

  hear(event: EngineEvent): void {
    const { session } = this;
    if (session.isClosed) return;
    const { rooms } = session;
    switch (event.type) {
      case "view":
        rooms.queries.changed(event.queries);
        break;
      case "operation":
        // Told once a task: a start tells of every operation there is, and whoever is told looks at all of them.
        rooms.outbox.forget();
        for (const id of event.ids) {
          this.#changed.add(id);
          this.#releaseSecret(id);
          this.dependants.changed(id);
        }
        break;
      case "pending":
        this.watchKeys();
        break;
      case "topic":
        rooms.topics.room(event.durable, event.topic).take(event.entries);
        if (event.durable && event.topic === CREATED_TOPIC) this.creations.heard(event.entries);
        break;
      case "topic_stored":
        topicStored(rooms.topics, event, this.#isDurable);
        break;
      case "journal_released":
        this.#released(event.ids);
        break;
      case "settled":
        this.#settle(event.id, event.settlement);
        break;
      case "report":
        void tellEnd(session, this.attempts, event.operation);
        break;
      case "diagnostic":
        // It tells from the midst of the crash: the next call to it finds out.
        if (event.code === "engine_crashed") queueMicrotask(() => session.use((core) => core.place()));
        else if (event.code === "storage_memory") void this.#withoutStore(event.error);
        else this.#report(event);
        break;
      case "leadership":
        this.lead(event.epoch);
        break;
    }
    this.#refreshSoon();
  }

  lead(epoch: number | undefined): void {
    const leads = epoch !== undefined;
    if (leads || this.#isLeading) this.session.rooms.led.tell({ leads, epoch });
    this.#isLeading = leads;
    if (leads) this.dependants.takeUp();
  }

  /** Tells the source, once for all changes of a task, which operations are waited for. */
  watchKeys(): void {
    if (this.#keysAreStale || this.session.source?.knowsKeys !== true) return;
    this.#keysAreStale = true;
    queueMicrotask(() => {
      this.#keysAreStale = false;
      const { isClosed, source } = this.session;
      if (!isClosed) source?.watchKeys(this.session.use((core) => core.pendingKeys()));
    });
  }

  /** Whether what the engine's store holds outlives the page. */
  get #isDurable(): boolean {
    return (this.session.use((core) => core.place())?.storage ?? "indexeddb") === "indexeddb";
  }

  /** The engine has no store. The journal may have a place of its own all the same, and then has said so. */
  async #withoutStore(cause: unknown): Promise<void> {
    const { session } = this;
    await session.journal.open();
    if (session.isClosed) return;
    if (session.journal.shelf?.durability === "localstorage") session.rooms.connectivity.changed();
    else session.rooms.diagnostics.report("storage_memory", cause);
  }

  #report({ code, operation, error }: Extract<EngineEvent, { type: "diagnostic" }>): void {
    const isSecret = operation !== undefined && this.session.secrets.bodyOf(operation) !== undefined;
    this.session.rooms.diagnostics.report(code, isSecret ? undefined : error, operation);
  }

  /** A sensitive operation that was taken off the list is not sent any more. */
  #releaseSecret(id: string): void {
    const { secrets } = this.session;
    if (secrets.bodyOf(id) === undefined) return;
    const records = this.session.use((core) => core.records?.()) ?? [];
    const record = records.find((one) => one.id === id);
    if (record === undefined || record.state === "cancelled") secrets.release(id);
  }

  /** The engine's store took these over. */
  #released(ids: readonly string[]): void {
    const { session } = this;
    const isDurable = this.#isDurable;
    for (const id of ids) {
      // A store in memory does not outlive the page: the journal does.
      if (isDurable) {
        session.journal.release(id);
        this.orphans.release(id);
      }
      session.settlements.stored(id, isDurable);
    }
  }

  #settle(id: string, settlement: Settlement): void {
    const { state } = settlement;
    const { settlements } = this.session;
    const result = state === "done" ? this.attempts.result(id, settlement.result) : undefined;
    // Before what it created is looked for by whoever is told.
    if (state === "done") {
      this.creations.done(id, result, this.#isLeading || settlements.isAwaited(id));
    } else {
      this.dependants.failed(id);
    }
    const error =
      state === "dead"
        ? this.attempts.failure(id, settlement)
        : state === "cancelled"
          ? new TabweaveError("cancelled")
          : undefined;
    this.attempts.forget(id);
    // Before the promises are settled: who awaits them has been told.
    if (state === "dead") tellDeadLetter(this.session, id, this.#isLeading);
    this.orphans.release(id);
    const mergedInto = state === "cancelled" ? settlement.into : undefined;
    this.session.settle({ id, state, result, error, mergedInto });
  }

  #lookAtChanged(): void {
    const changed = this.#changed;
    if (changed.size === 0) return;
    this.#changed = new Set();
    const { rooms } = this.session;
    for (const record of this.session.use((core) => core.records?.()) ?? []) {
      if (changed.has(record.id)) this.rebasing.look(record);
    }
    rooms.outbox.changed();
    rooms.conflicts.changed();
  }

  /** The engine knows the store. */
  #start(): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    this.session.endStart();
    this.dependants.takeUp();
    // Whoever was signed out may have signed in on the way here: that is tried once.
    this.session.use((core) => core.signedIn());
  }

  /** Has the page look at the outbox and at the engine's status, once for all events of a task. */
  #refreshSoon(): void {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    queueMicrotask(() => {
      this.#isRefreshing = false;
      const { session } = this;
      if (session.isClosed) return;
      const { rooms } = session;
      this.#lookAtChanged();
      rooms.connectivity.changed();
      if (rooms.connectivity.getSnapshot().role !== "starting") this.#start();
    });
  }
}
