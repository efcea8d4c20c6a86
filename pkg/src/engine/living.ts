import type { Core } from "../client/core.js";
import type { Session } from "../client/session.js";
import { TabweaveError } from "../errors/error.js";
import type { EngineClass } from "./binding.js";
import { EngineCrash, makeEngine } from "./core.js";
import { OrphanFinder } from "./orphans.js";
import { restoreQueries } from "./queries.js";

/** How often the engine is made again after a crash. */
const ENGINE_REBUILDS_MAX = 3;

/** A session's engine: made again after a crash, and given up when that does not help. */
export class LivingEngine {
  #rebuilds = 0;
  readonly #ended = new AbortController();
  /** What it took over stays taken over when the engine is made again. */
  readonly #orphans: OrphanFinder;

  constructor(
    private readonly Engine: EngineClass,
    private readonly session: Session,
  ) {
    this.#orphans = new OrphanFinder(session.names, session.tab);
    this.#watchCache();
  }

  /** Calls the engine; after a crash, the next one, or the stand-in. */
  use<T>(call: (core: Core) => T): T {
    for (;;) {
      const { core } = this.session;
      try {
        return call(core);
      } catch (error) {
        if (!(error instanceof EngineCrash)) throw error;
        // A call from within this one may have noticed the crash before.
        if (core === this.session.core) this.#crashed(error);
      }
    }
  }

  /** Puts an engine in the place of the stand-in. */
  build(): void {
    try {
      const core = makeEngine(this.Engine, this.session, this.#orphans);
      this.session.core = core;
      core.restore();
    } catch (error) {
      this.#crashed(error);
    }
  }

  /** Listens to the page's life no more, and leaves what was taken over to other tabs. */
  stop(): void {
    this.#ended.abort();
    this.#orphans.close();
  }

  /**
   * A page that holds any lock is thrown out of the back/forward cache when another one asks who holds locks,
   * and one with an open database when that is deleted: a cached page holds neither. One whose journal is in
   * localStorage keeps its lock, and is rather thrown out: a page without one loses its journal to another tab.
   */
  #watchCache(): void {
    const { session } = this;
    const { signal } = this.#ended;
    const isExposed = () => session.journal.shelf?.durability === "localstorage";
    const watch = (name: "pagehide" | "pageshow", act: () => void) =>
      addEventListener(name, ({ persisted }) => persisted && !isExposed() && act(), { signal });
    watch("pagehide", () => {
      session.leavePage();
      session.journal.rest();
    });
    watch("pageshow", () => {
      session.holdPage();
      void session.journal.open(true);
    });
  }

  #crashed(cause: unknown): void {
    const { session } = this;
    const error = new TabweaveError("engine_crashed", { cause });
    session.rooms.diagnostics.add(error);
    session.core.close();
    session.core = session.standIn();
    if (this.#rebuilds < ENGINE_REBUILDS_MAX && !session.isClosed) {
      this.#rebuilds += 1;
      this.build();
    } else {
      restoreQueries(session.rooms.queries, session.core);
      session.degrade(error);
    }
  }
}
