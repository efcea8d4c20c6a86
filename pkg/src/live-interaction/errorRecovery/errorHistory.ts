import type { ErrorClassification } from "./classification.js";

/** How many errors are kept to be read. */
const ERRORS_MAX = 100;

/** An error that happened in this page. */
export interface RecordedError extends ErrorClassification {
  /** When, in milliseconds since 1970. */
  timestamp: number;
  /** What `handleError` was told of it. */
  context: unknown;
}

/** The last errors of this page, the newest last. In memory only. */
export class ErrorHistory {
  #entries: RecordedError[] = [];

  /** Another list after every change. */
  get entries(): RecordedError[] {
    return this.#entries;
  }

  add(classification: ErrorClassification, context?: unknown, timestamp = Date.now()): void {
    this.#entries = [...this.#entries, { ...classification, timestamp, context }].slice(-ERRORS_MAX);
  }

  clear(): void {
    this.#entries = [];
  }
}
