import type { Session } from "../client/session.js";
import { classifyThrown } from "../definition/classify.js";
import type { AttemptContext, AttemptOutcome } from "../definition/parts.js";
import { TabweaveError } from "../errors/error.js";
import { plainError, revivedError } from "../errors/plain.js";
import type { AttemptRequest, Failure, OutcomeKind } from "./binding.js";

/** Calls the server for the engine, and tells it what became of it. */
export class Attempts {
  readonly #end = new AbortController();
  /** What the server threw at attempts made here; the store keeps only its plain parts. */
  readonly #thrown = new Map<string, unknown>();

  constructor(private readonly session: Session) {}

  async make(request: AttemptRequest): Promise<void> {
    const outcome = await this.#perform(request);
    const { session } = this;
    if (this.#end.signal.aborted) return;
    const { id, attempt } = request;
    session.use((core) => {
      if (outcome.kind === "accepted") {
        // The source may have yet to tell of the operation's key.
        const seen = !core.pendingKeys().includes(id) && (outcome.seen ?? true);
        core.handleAttempt(id, attempt, outcome.kind, storable(outcome.result), seen);
        return;
      }
      this.#thrown.set(id, outcome.error);
      const afterMs = outcome.kind === "retryable" ? outcome.afterMs : undefined;
      core.handleAttempt(id, attempt, kindOf(outcome), plainError(outcome.error), false, afterMs);
    });
  }

  /** The error of a failed attempt, with what was really thrown if that happened here. */
  failure(id: string, { code, error }: Failure): TabweaveError {
    const cause = this.#thrown.has(id) ? this.#thrown.get(id) : revivedError(error);
    const detail = cause instanceof Error && cause.message !== "" ? `${cause.message}.` : undefined;
    return new TabweaveError(code, detail === undefined ? { cause } : { detail, cause });
  }

  /** The operation came to its end. */
  forget(id: string): void {
    this.#thrown.delete(id);
  }

  stop(): void {
    this.#end.abort();
  }

  async #perform({ id, name, body, attempt }: AttemptRequest): Promise<AttemptOutcome> {
    const { source, rooms } = this.session;
    const parts = rooms.handlers.find(name);
    if (parts === undefined) return { kind: "retryable", error: new TabweaveError("no_handler") };
    try {
      const firstAttemptMs = Date.now();
      const { signal } = this.#end;
      return await parts.perform({ body, key: id, attempt, firstAttemptMs, signal, source, outcomeOf });
    } catch (error) {
      // Not what `run` threw, which is an outcome, but what its `classify` did.
      return { kind: "unknown", error };
    }
  }
}

/** Runs a function of the app that calls the server, and tells what became of it. */
const outcomeOf: AttemptContext["outcomeOf"] = async (classify, run) => {
  try {
    return { kind: "accepted", result: await run() };
  } catch (error) {
    const found = (classify ?? classifyThrown)(error);
    return typeof found === "string" ? { kind: found, error } : { ...found, error };
  }
};

function kindOf({ kind }: AttemptOutcome): OutcomeKind {
  return kind === "conflict" || kind === "unauthenticated" || kind === "lost" ? "rejected" : kind;
}

/** What the store can keep of a result. */
function storable(result: unknown): unknown {
  try {
    return structuredClone(result);
  } catch {
    return undefined;
  }
}
