import type { Core } from "../client/core.js";
import type { Session } from "../client/session.js";
import { TabweaveError } from "../errors/error.js";
import type { EngineClass } from "./binding.js";
import { EngineCrash, makeEngine } from "./core.js";
import { restoreQueries } from "./queries.js";

/** How often the engine is made again after a crash. */
const ENGINE_REBUILDS_MAX = 3;

/** A session's engine: made again after a crash, and given up when that does not help. */
export class LivingEngine {
  #rebuilds = 0;
  readonly #ended = new AbortController();

  constructor(
    private readonly Engine: EngineClass,
    private readonly session: Session,
  ) {
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
      const core = makeEngine(this.Engine, this.session);
      this.session.core = core;
      core.restore();
    } catch (error) {
      this.#crashed(error);
    }
  }

  /** Listens to the page's life no more. */
  stop(): void {
    this.#ended.abort();
  }

  /**
   * A page that holds any lock is thrown out of the back/forward cache when another one asks who holds locks,
   * and one with an open database when that is deleted: a cached page holds neither.
   */
  #watchCache(): void {
    const { session } = this;
    const { signal } = this.#ended;
    const watch = (name: "pagehide" | "pageshow", act: () => void) =>
      addEventListener(name, ({ persisted }) => persisted && act(), { signal });
    watch("pagehide", () => {
      session.leavePage();
      session.journal.rest();
    });
    watch("pageshow", () => {
      session.holdPage();
      session.journal.wake();
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
