import type { CoreHost, EngineCore } from "../engine/core.js";
import { type LoadedEngine, loadEngine } from "../engine/load.js";
import { TabweaveError } from "../errors/error.js";
import type { WasmInput } from "../init.js";
import type { Core } from "./core.js";

/** How often the engine is made again after a crash. */
const ENGINE_REBUILDS_MAX = 3;

/** What the runtime needs of the client. */
export interface RuntimeHost extends CoreHost {
  readonly wasm: WasmInput | undefined;
  /** A stand-in that shows what this page knows. */
  standIn(): Core;
  /** Tells a new engine everything this page knows. */
  restore(core: EngineCore): void;
  report(error: TabweaveError): void;
  /** The engine is given up for this page. */
  degraded(error: TabweaveError): void;
}

/** Loads the engine, makes it again after a crash, and gives it up when that does not help. */
export class Runtime {
  #core: Core;
  #loaded: LoadedEngine | undefined;
  #rebuilds = 0;
  #isClosed = false;

  constructor(private readonly host: RuntimeHost) {
    this.#core = host.standIn();
  }

  async start(): Promise<void> {
    try {
      this.#loaded = await loadEngine(this.host.wasm);
    } catch (error) {
      if (!this.#isClosed) this.#giveUp(error as TabweaveError);
      return;
    }
    if (!this.#isClosed) this.#build(this.#loaded);
  }

  /** Calls the engine or its stand-in; after a crash, the next one. */
  use<T>(call: (core: Core) => T): T {
    for (;;) {
      const core = this.#core;
      try {
        return call(core);
      } catch (error) {
        if (this.#loaded?.isCrash(error) !== true) throw error;
        // A call from within this one may have noticed the crash before.
        if (core === this.#core) this.#crashed(this.#loaded, error);
      }
    }
  }

  /** The engine says that it crashed, from the midst of the crash: the next call to it finds out. */
  lookSoon(): void {
    queueMicrotask(() => void this.use((core) => core.status()));
  }

  close(): void {
    this.#isClosed = true;
    this.#core.close();
  }

  #build(loaded: LoadedEngine): void {
    try {
      const core = loaded.make(this.host);
      this.#core = core;
      this.host.restore(core);
    } catch (error) {
      this.#crashed(loaded, error);
    }
  }

  #crashed(loaded: LoadedEngine, crash: unknown): void {
    const error = new TabweaveError("engine_crashed", { cause: crash });
    this.host.report(error);
    this.#core.close();
    this.#core = this.host.standIn();
    if (this.#rebuilds < ENGINE_REBUILDS_MAX && !this.#isClosed) {
      this.#rebuilds += 1;
      this.#build(loaded);
    } else {
      this.#giveUp(error);
    }
  }

  #giveUp(error: TabweaveError): void {
    // A crash was reported when it happened.
    if (error.code !== "engine_crashed") this.host.report(error);
    this.host.degraded(error);
  }
}
