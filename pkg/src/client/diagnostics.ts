import type { TabweaveErrorCode } from "../errors/codes.js";
import { TabweaveError } from "../errors/error.js";
import { Listeners } from "./listeners.js";
import type { Diagnostic, Store } from "./snapshots.js";
import type { Logger } from "./types.js";

/** How many diagnostics are kept to be read. */
const DIAGNOSTICS_MAX = 100;

const SILENT: Logger = { warn: () => {}, error: consoleError };
const TALKATIVE: Logger = {
  // biome-ignore lint/suspicious/noConsole: the default logger of development builds.
  warn: (message, error) => console.warn(message, error),
  error: consoleError,
};

// Bundlers put a constant in place of the whole expression, so it must be written out.
declare const process: { readonly env: { readonly NODE_ENV?: string } };

let logsToConsole = SILENT;
try {
  if (process.env.NODE_ENV !== "production") logsToConsole = TALKATIVE;
} catch {
  // No bundler says what build this is.
}

function consoleError(message: string, error: TabweaveError): void {
  // biome-ignore lint/suspicious/noConsole: a crash of the engine is never silent.
  console.error(message, error);
}

/** What went wrong or had to be done without. Each kind is logged once, all are kept to be read. */
export class DiagnosticLog implements Store<readonly Diagnostic[]> {
  #entries: readonly Diagnostic[] = [];
  readonly #logged = new Set<string>();
  readonly #listeners = new Listeners();
  logger: Logger;

  constructor(logger: Logger | undefined) {
    this.logger = logger ?? logsToConsole;
  }

  readonly getSnapshot = (): readonly Diagnostic[] => this.#entries;

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  report(code: TabweaveErrorCode, cause?: unknown, operation?: string): void {
    this.add(new TabweaveError(code, { cause }), operation);
  }

  /** Adds what is a lasting condition and not an event. */
  addOnce(error: TabweaveError): void {
    if (!this.#entries.some((entry) => entry.code === error.code)) this.add(error);
  }

  add(error: TabweaveError, operation?: string): void {
    const entry = { code: error.code, operation, error, at: Date.now() };
    this.#entries = [...this.#entries, entry].slice(-DIAGNOSTICS_MAX);
    this.#log(error);
    this.#listeners.tell();
  }

  #log(error: TabweaveError): void {
    const message = `[tabweave] ${error.message}`;
    if (error.code === "engine_crashed") {
      this.logger.error(message, error);
    } else if (!this.#logged.has(error.code)) {
      this.#logged.add(error.code);
      this.logger.warn(message, error);
    }
  }
}
