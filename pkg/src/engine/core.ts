import type { AuditEntry } from "../audit/types.js";
import type { Core, Place } from "../client/core.js";
import { onErased } from "../client/erased.js";
import type { Session } from "../client/session.js";
import type { OutboxEntry } from "../client/snapshots.js";
import type { TabweaveErrorCode } from "../errors/codes.js";
import { TabweaveError } from "../errors/error.js";
import type { ConflictResolution, ParkedConflict } from "../merge/parked.js";
import { share } from "../share.js";
import { Attempts } from "./attempts.js";
import type {
  EngineClass,
  EngineObject,
  EngineOutcome,
  JournalRecord,
  OperationRecord,
  Wish,
} from "./binding.js";
import { weighed } from "./bytes.js";
import { closeKey } from "./closing.js";
import { mergersOf } from "./coalescing.js";
import { givenUp, ParkedConflicts, rebasedBy } from "./conflicts.js";
import { Creations } from "./creations.js";
import { Dependants } from "./dependants.js";
import { Hearing } from "./hearing.js";
import { Listing } from "./listing.js";
import type { OrphanFinder } from "./orphans.js";
import { restoreQueries } from "./queries.js";
import { Rebasing } from "./rebasing.js";
import { Records } from "./records.js";
import { namedIn, renamed } from "./replacing.js";
import { restoreTopics } from "./topics.js";

// Loaded together with the engine: nothing in this file is needed before it is ready.

/** The last moment that a `Date` knows. */
const DATE_MS_MAX = 8.64e15;

/** Makes an engine object with what it needs of the browser and is not done in Rust. */
export function makeEngine(Engine: EngineClass, session: Session, orphans: OrphanFinder): EngineCore {
  const { names, tab, rooms } = session;
  const creations = new Creations(session);
  const dependants = new Dependants(session, creations);
  const rebasing = new Rebasing(session);
  const attempts = new Attempts(session, creations, dependants, rebasing);
  const hearing = new Hearing(session, attempts, orphans, creations, dependants, rebasing);
  const peers = () => rooms.connectivity.getSnapshot().peers;
  const records: Records = new Records(() => engine.operations());
  const [seed = 0] = crypto.getRandomValues(new Uint32Array(1));
  const isVisible = document.visibilityState === "visible";
  const { version = "", limits, auditValues = "keep" } = rooms.options;
  const engine: EngineObject = new Engine(
    names.namespace,
    names.identity,
    tab,
    seed,
    isVisible,
    { ...limits, app: version, auditValues },
    {
      optimistic: (run, draft) => rooms.optimism.run(run, draft),
      event: (event) => {
        if (event.type === "operation") records.forget();
        hearing.hear(event);
      },
      attempt: (request) => {
        records.forget();
        void attempts.make(request);
      },
      coalesce: (operations) => mergersOf(rooms, operations),
      findOrphans: async () => {
        const { journals, ...presence } = await orphans.find(peers());
        const weigh = (journal: (typeof journals)[number]) => ({
          owner: journal.owner,
          records: journal.records.map(weighed),
        });
        return { ...presence, journals: journals.map(weigh) };
      },
      lookAround: () => orphans.lookAround(peers()),
      dropJournal: (owner) => void orphans.drop(owner).catch((cause) => session.journalFailed(cause)),
    },
  );
  return new EngineCore(engine, records, session, attempts, hearing);
}

/** The engine object hit a bug in itself and is of no use any more. */
export class EngineCrash extends Error {
  constructor(cause: unknown) {
    super("the engine object is dead", { cause });
  }
}

/** The engine, with its crashes told apart from its refusals. */
export class EngineCore implements Core {
  readonly #stopListening: () => void;
  readonly #listing: Listing;
  readonly #parked: ParkedConflicts;

  constructor(
    private readonly engine: EngineObject,
    private readonly known: Records,
    private readonly session: Session,
    private readonly attempts: Attempts,
    private readonly hearing: Hearing,
  ) {
    this.#listing = new Listing(attempts);
    this.#parked = new ParkedConflicts(session.rooms);
    this.#stopListening = onErased(session.names, () => session.rooms.setIdentity(undefined));
  }

  /** Starts the engine and tells it everything that this page knows. */
  restore(): void {
    const { tab, journal, source, rooms } = this.session;
    const { records } = journal;
    this.#guard(() => this.engine.start());
    this.tellServerTime();
    this.register(rooms.handlers.names);
    if (records.length > 0) this.#guard(() => this.engine.adopt(tab, records.map(weighed)));
    rooms.queries.share = share;
    const { ids } = rooms.placeholders;
    // Every rebase asks: most operations name no placeholder, and that is remembered.
    rooms.placeholders.replace = (body, names) =>
      names === ids && namedIn(body).length === 0 ? body : renamed(body, names);
    restoreQueries(rooms.queries, this);
    this.handleConnection(rooms.connectivity.isSourceConnected);
    restoreTopics(rooms.topics, this);
    if (rooms.connectivity.isWatched) this.watchPeers(true);
    // An engine that knows nothing has to be told again of keys that were told before.
    source?.watchKeys([]);
    this.watchKeys();
    rooms.queries.allChanged();
    rooms.outbox.changed();
  }

  watchKeys(): void {
    this.hearing.watchKeys();
  }

  mutate(record: JournalRecord): void {
    this.#guard(() => this.engine.mutate(weighed(record)));
  }

  flush(): void {
    this.#guard(() => this.engine.flush());
  }

  register(names: string[]): void {
    this.#guard(() => this.engine.register(names));
  }

  watch(query: string): void {
    this.#guard(() => this.engine.watch(query));
  }

  unwatch(query: string): void {
    this.#guard(() => this.engine.unwatch(query));
  }

  handleBase(updates: Array<[query: string, value: unknown]>, seen: string[]): void {
    this.#guard(() => this.engine.handleBase(updates, seen));
  }

  handleAttempt(id: string, attempt: number, outcome: EngineOutcome): void {
    this.#guard(() => this.engine.handleAttempt(id, attempt, outcome));
  }

  handleReported(id: string, endedMs: number): void {
    this.#guard(() => this.engine.handleReported(id, endedMs));
  }

  handleConnection(connected: boolean): void {
    this.#guard(() => this.engine.handleConnection(connected));
  }

  publish(durable: boolean, topic: string, key: string, value: unknown, removed: boolean): void {
    this.#guard(() => this.engine.publish(durable, topic, key, value, removed));
  }

  watchPeers(watching: boolean): void {
    this.#guard(() => this.engine.watchPeers(watching));
  }

  /** The engine learns of the server's time, which may have been told before there was an engine. */
  tellServerTime(): void {
    const { serverOffsetMs } = this.session;
    if (serverOffsetMs === undefined) return;
    const ms = Date.now() + serverOffsetMs;
    // A source that tells what is no time is not told so: there is nothing that it could do.
    if (ms >= 0 && ms <= DATE_MS_MAX) this.#guard(() => this.engine.handleServerTime(ms));
  }

  signedIn(): void {
    this.#guard(() => this.engine.handleSignedIn());
  }

  async settleDoubt(entry: OutboxEntry): Promise<boolean> {
    return !entry.inDoubt || closeKey(this.session, this.attempts, entry);
  }

  wish(id: string, wish: Wish): boolean {
    return this.#guard(() => this.engine.wish(id, wish));
  }

  view(query: string): ReturnType<EngineObject["view"]> {
    return this.#guard(() => this.engine.view(query));
  }

  entries(): OutboxEntry[] {
    return this.#listing.read(this.records());
  }

  records(): readonly OperationRecord[] {
    return this.#guard(() => this.known.all());
  }

  readAudit(): Promise<readonly AuditEntry[]> {
    return new Promise((resolve, reject) => {
      const answered = (entries: unknown[] | null) =>
        entries === null ? reject(new TabweaveError("storage_failed")) : resolve(entries as AuditEntry[]);
      if (!this.#guard(() => this.engine.readAudit(answered))) answered(null);
    });
  }

  conflicts(): ParkedConflict[] {
    return this.#parked.read(this.records());
  }

  resolve(id: string, resolution: ConflictResolution): boolean {
    const conflict = this.conflicts().find((one) => one.id === id);
    if (conflict === undefined) return false;
    const { identity } = this.session;
    return resolution.discard === true
      ? this.#guard(() => this.engine.discard(id, givenUp(conflict, identity)))
      : this.#guard(() => this.engine.resolve(id, rebasedBy(conflict, resolution, identity)));
  }

  pendingKeys(): string[] {
    return this.#guard(() => this.engine.pendingKeys());
  }

  place(): Place {
    const { journal } = this.session;
    const status = this.#guard(() => this.engine.status());
    const { started, leading, leader, epoch, peers, transport, storage, updateAvailable } = status;
    return {
      role: started ? (leading ? "leader" : "follower") : "starting",
      epoch,
      peers: peers.map((peer) => ({ ...peer, leads: peer.tab === leader })),
      transport,
      storage:
        storage === "memory" && journal.shelf?.durability === "localstorage" ? "localstorage" : storage,
      updateAvailable,
    };
  }

  /** Gives everything back that it holds of the browser; a dead one does that too, as far as it can. */
  close(): void {
    this.#stopListening();
    this.attempts.stop();
    this.hearing.lead(undefined);
    try {
      this.engine.close();
    } catch (error) {
      if (!isCrash(error)) throw error;
    }
  }

  #guard<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      if (isCrash(error)) throw new EngineCrash(error);
      throw this.#refusal(error) ?? error;
    }
  }

  /** What the engine refused, as an error; what a function of the app threw is none of that. */
  #refusal(thrown: unknown): TabweaveError | undefined {
    const { code } = (thrown ?? {}) as { code?: unknown };
    const isForeign = this.session.rooms.optimism.threw(thrown) || thrown instanceof Error;
    if (isForeign || typeof code !== "string") return undefined;
    return new TabweaveError(REFUSALS[code] ?? (code as TabweaveErrorCode));
  }
}

// The engine's words for its refusals, where they are not codes.
const REFUSALS: Readonly<Record<string, TabweaveErrorCode>> = {
  closed: "client_closed",
  duplicate: "duplicate_operation",
  invalid_argument: "invalid_option",
  no_handler: "not_registered",
};

function isCrash(error: unknown): boolean {
  if (error instanceof WebAssembly.RuntimeError) return true;
  return !(error instanceof Error) && (error as { code?: unknown } | null)?.code === "engine_crashed";
}
