import type { AttemptOutcome } from "../definition/parts.js";

/** How long one attempt may take: its signal is aborted when it has taken too long, or the client is closed. */
export class AttemptClock {
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #end = () => this.#controller.abort(this.closed.reason);

  constructor(
    timeoutMs: number,
    private readonly closed: AbortSignal,
  ) {
    const late = () => this.#controller.abort(new DOMException("The attempt took too long.", "TimeoutError"));
    // Browsers take longer times than this for none at all.
    this.#timer = setTimeout(late, Math.min(timeoutMs, 2 ** 31 - 1));
    closed.addEventListener("abort", this.#end);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What the attempt comes to in time, or that nobody knows; then `late` is told, if it comes to something yet. */
  race(outcome: Promise<AttemptOutcome>, late: (outcome: AttemptOutcome) => void): Promise<AttemptOutcome> {
    return new Promise((resolve) => {
      const { signal } = this;
      signal.addEventListener("abort", () => {
        resolve({ kind: "unknown", error: signal.reason, hindrance: "connection" });
      });
      void outcome.then((found) => (signal.aborted ? late(found) : resolve(found)));
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.closed.removeEventListener("abort", this.#end);
  }
}
