import type { Handlers } from "../client/handlers.js";
import type { AttemptOutcome } from "../definition/parts.js";
import { TabweaveError } from "../errors/error.js";
import { plainError } from "../errors/plain.js";
import type { Source } from "../source.js";
import type { AttemptRequest, OutcomeKind } from "./binding.js";

/** What attempts need of the client. */
export interface AttemptsHost {
  readonly handlers: Handlers;
  readonly source: Source | undefined;
  /** Whether the source has yet to tell of the operation's key. */
  awaitsKey(id: string): boolean;
  /** What an attempt threw, as it was thrown. */
  remember(id: string, thrown: unknown): void;
  handleAttempt(
    id: string,
    attempt: number,
    kind: OutcomeKind,
    value: unknown,
    seen: boolean,
    afterMs?: number,
  ): void;
}

/** Calls the server for the engine, and tells it what became of it. */
export class Attempts {
  readonly #end = new AbortController();

  constructor(private readonly host: AttemptsHost) {}

  async make(request: AttemptRequest): Promise<void> {
    const outcome = await this.#perform(request);
    if (this.#end.signal.aborted) return;
    const { id, attempt } = request;
    if (outcome.kind === "accepted") {
      const seen = !this.host.awaitsKey(id) && (outcome.seen ?? true);
      this.host.handleAttempt(id, attempt, outcome.kind, storable(outcome.result), seen);
      return;
    }
    this.host.remember(id, outcome.error);
    const afterMs = outcome.kind === "retryable" ? outcome.afterMs : undefined;
    this.host.handleAttempt(id, attempt, outcome.kind, plainError(outcome.error), false, afterMs);
  }

  stop(): void {
    this.#end.abort();
  }

  async #perform({ id, name, body, attempt }: AttemptRequest): Promise<AttemptOutcome> {
    const parts = this.host.handlers.find(name);
    if (parts === undefined) return { kind: "retryable", error: new TabweaveError("no_handler") };
    const { source } = this.host;
    try {
      return await parts.perform({ body, key: id, attempt, signal: this.#end.signal, source });
    } catch (error) {
      // Not what `run` threw, which is an outcome, but what its `classify` did.
      return { kind: "unknown", error };
    }
  }
}

/** What the store can keep of a result. */
function storable(result: unknown): unknown {
  try {
    return structuredClone(result);
  } catch {
    return undefined;
  }
}
