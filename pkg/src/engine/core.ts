import type { Core } from "../client/core.js";
import type { Names } from "../client/names.js";
import { Attempts, type AttemptsHost } from "./attempts.js";
import type {
  EngineClass,
  EngineHost,
  EngineObject,
  EngineStatus,
  JournalRecord,
  OperationRecord,
  OutcomeKind,
} from "./binding.js";
import { OrphanFinder } from "./orphans.js";

// Loaded together with the engine: nothing in this file is needed before it is ready.

/** What an engine needs of the client. */
export interface CoreHost extends AttemptsHost, Pick<EngineHost, "optimistic" | "event"> {
  readonly names: Names;
  readonly tab: string;
  /** The tabs that are believed to live where the browser cannot tell. */
  peers(): string[];
  journalFailed(cause: unknown): void;
}

/** Makes an engine object with what it needs of the browser and is not done in Rust. */
export function makeEngine(Engine: EngineClass, host: CoreHost): EngineCore {
  const { names, tab } = host;
  const attempts = new Attempts(host);
  const orphans = new OrphanFinder(names, tab);
  const [seed = 0] = crypto.getRandomValues(new Uint32Array(1));
  const isVisible = document.visibilityState === "visible";
  const engine = new Engine(names.namespace, names.identity, tab, seed, isVisible, "", {
    optimistic: (run, draft) => host.optimistic(run, draft),
    event: (event) => host.event(event),
    attempt: (request) => void attempts.make(request),
    findOrphans: () => orphans.find(host.peers()),
    lookAround: () => orphans.lookAround(host.peers()),
    dropJournal: (owner) => void orphans.drop(owner).catch((cause) => host.journalFailed(cause)),
  });
  return new EngineCore(engine, attempts);
}

/** The engine object hit a bug in itself and is of no use any more. */
export class EngineCrash extends Error {
  constructor(cause: unknown) {
    super("the engine object is dead", { cause });
  }
}

/** The engine, with its crashes told apart from its refusals. */
export class EngineCore implements Core {
  constructor(
    private readonly engine: EngineObject,
    private readonly attempts: Attempts,
  ) {}

  start(): void {
    this.#guard(() => this.engine.start());
  }

  adopt(owner: string, records: JournalRecord[]): void {
    this.#guard(() => this.engine.adopt(owner, records));
  }

  mutate({ id, name, body, scope, repeatable, confirmedByKey }: JournalRecord): void {
    this.#guard(() => this.engine.mutate(id, name, body, scope, repeatable, confirmedByKey));
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

  handleAttempt(
    id: string,
    attempt: number,
    kind: OutcomeKind,
    value: unknown,
    seen: boolean,
    afterMs?: number,
  ): void {
    this.#guard(() => this.engine.handleAttempt(id, attempt, kind, value, seen, afterMs));
  }

  handleConnection(connected: boolean): void {
    this.#guard(() => this.engine.handleConnection(connected));
  }

  cancel(id: string): boolean {
    return this.#guard(() => this.engine.cancel(id));
  }

  retry(id: string): boolean {
    return this.#guard(() => this.engine.retry(id));
  }

  view(query: string): ReturnType<EngineObject["view"]> {
    return this.#guard(() => this.engine.view(query));
  }

  operations(): OperationRecord[] {
    return this.#guard(() => this.engine.operations());
  }

  pendingKeys(): string[] {
    return this.#guard(() => this.engine.pendingKeys());
  }

  status(): EngineStatus {
    return this.#guard(() => this.engine.status());
  }

  /** Gives everything back that it holds of the browser; a dead one does that too, as far as it can. */
  close(): void {
    this.attempts.stop();
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
      throw error;
    }
  }
}

function isCrash(error: unknown): boolean {
  if (error instanceof WebAssembly.RuntimeError) return true;
  return !(error instanceof Error) && (error as { code?: unknown } | null)?.code === "engine_crashed";
}
