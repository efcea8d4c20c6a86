import type { Core } from "../client/core.js";
import type { Session } from "../client/session.js";
import { type Classification, classified } from "../definition/classify.js";
import type { AttemptContext, AttemptOutcome, DefinitionParts } from "../definition/parts.js";
import { TabweaveError } from "../errors/error.js";
import { plainError, revivedError } from "../errors/plain.js";
import { RETRY_AFTER_MAX_MS } from "../recovery/retryAfter.js";
import { AttemptClock } from "./attemptClock.js";
import type { AttemptRequest, EngineOutcome, Failure, OperationBody } from "./binding.js";
import type { Creations } from "./creations.js";
import { toldCurrent } from "./current.js";
import type { Dependants } from "./dependants.js";
import type { Rebasing } from "./rebasing.js";
import { storable } from "./storable.js";

/** What only some failures say. */
const NOTHING_SAID = { afterMs: undefined, hindrance: undefined, current: undefined, rebased: undefined };

/** Calls the server for the engine, and tells it what became of it. */
export class Attempts {
  readonly #end = new AbortController();
  /** What the server threw at attempts made here; the store keeps only its plain parts. */
  readonly #thrown = new Map<string, unknown>();
  /** What the server answered to sensitive operations, of which nobody else is told. */
  readonly #results = new Map<string, unknown>();

  constructor(
    private readonly session: Session,
    private readonly creations: Creations,
    private readonly dependants: Dependants,
    private readonly rebasing: Rebasing,
  ) {}

  async make(request: AttemptRequest): Promise<void> {
    const { session } = this;
    const { id, key, name, attempt, sensitive = false } = request;
    const tell = (outcome: AttemptOutcome) => {
      if (this.#end.signal.aborted) return;
      const parts = session.rooms.handlers.find(name);
      // Before what it created is shown under its own id.
      if (outcome.kind === "accepted" && parts) this.creations.accepted(id, parts, outcome.result);
      session.use((core) =>
        core.handleAttempt(id, attempt, this.#told({ id, key }, core, outcome, sensitive)),
      );
    };
    tell(await this.#perform(request, tell));
  }

  /** The error of a failed attempt, with what was really thrown if that happened here. */
  failure(id: string, { code, error }: Failure): TabweaveError {
    // Nothing was thrown: it expired, say, or was set aside.
    if (error === undefined && !this.#thrown.has(id)) return new TabweaveError(code);
    const cause = this.#thrown.has(id) ? this.#thrown.get(id) : revivedError(error);
    const detail = cause instanceof Error && cause.message !== "" ? `${cause.message}.` : undefined;
    return new TabweaveError(code, detail === undefined ? { cause } : { detail, cause });
  }

  /** What the engine is told that the server answered. Of a sensitive operation it is kept here. */
  told(id: string, result: unknown, isSensitive: boolean): unknown {
    if (!isSensitive) return storable(result);
    this.#results.set(id, result);
    return undefined;
  }

  /** What the server answered, as far as this page knows; `told`: what the engine was. */
  result(id: string, told: unknown): unknown {
    return this.#results.has(id) ? this.#results.get(id) : told;
  }

  /** The operation came to its end. */
  forget(id: string): void {
    this.#thrown.delete(id);
    this.#results.delete(id);
  }

  stop(): void {
    this.#end.abort();
  }

  /** The outcome as the engine is told it. */
  #told(
    { id, key }: Pick<AttemptRequest, "id" | "key">,
    core: Core,
    outcome: AttemptOutcome,
    isSensitive: boolean,
  ): EngineOutcome {
    if (outcome.kind === "accepted") {
      // The source may have yet to tell of the operation's key.
      const seen = !core.pendingKeys().includes(key) && (outcome.seen ?? true);
      return { kind: outcome.kind, value: this.told(id, outcome.result, isSensitive), seen };
    }
    this.#thrown.set(id, outcome.error);
    const { kind, error, afterMs, hindrance, current, rebased } = { ...NOTHING_SAID, ...outcome };
    // Milliseconds are whole there, and a wait that is none is none.
    const wait =
      afterMs !== undefined && afterMs >= 0 ? Math.min(Math.ceil(afterMs), RETRY_AFTER_MAX_MS) : undefined;
    if (isSensitive) return { kind, value: undefined, afterMs: wait, hindrance };
    return { kind, value: plainError(error), afterMs: wait, hindrance, current, rebased };
  }

  /** Makes the attempt. What it comes to after it has taken too long is told as well. */
  async #perform(request: AttemptRequest, late: (outcome: AttemptOutcome) => void): Promise<AttemptOutcome> {
    const { id, key, name, version, attempt, firstAttemptMs, timeoutMs } = request;
    const { source, rooms } = this.session;
    const parts = rooms.handlers.find(name);
    if (parts === undefined || version > (parts.terms.version ?? 0)) {
      return { kind: "retryable", error: new TabweaveError("no_handler"), hindrance: "handler" };
    }
    const known = request.sensitive ? this.session.secrets.bodyOf(id) : request.body;
    if (known === undefined) return { kind: "rejected", error: new TabweaveError("page_gone") };
    let migrated: OperationBody;
    try {
      migrated = parts.migrated(known, version);
    } catch (error) {
      return { kind: "rejected", error };
    }
    const { body, hindered } = this.dependants.prepare({ ...request, body: migrated });
    if (hindered !== undefined) return hindered;
    const contradicted = this.rebasing.beforehand(request, parts, body);
    if (contradicted !== undefined) return contradicted;
    const clock = new AttemptClock(timeoutMs, this.#end.signal);
    const { signal } = clock;
    const checked = (outcome: AttemptOutcome) =>
      this.rebasing.afterwards(request, parts, body, withCurrent(outcome, body, parts));
    const outcomeOf: AttemptContext["outcomeOf"] = (classify, run) =>
      clock.race(outcomeOfRun(classify, run), (outcome) => late(checked(outcome)));
    try {
      const outcome = await parts.perform({
        body,
        key,
        attempt,
        timeoutMs,
        firstAttemptMs,
        signal,
        source,
        outcomeOf,
      });
      return checked(outcome);
    } catch (error) {
      // Not what `run` threw, which is an outcome, but what its `classify` did.
      return { kind: "unknown", error, hindrance: "server" };
    } finally {
      clock.stop();
    }
  }
}

/** Runs a function of the app that calls the server, and tells what became of it. */
async function outcomeOfRun(
  classify: ((error: unknown) => Classification | undefined) | undefined,
  run: () => unknown,
): Promise<AttemptOutcome> {
  try {
    return { kind: "accepted", result: await run() };
  } catch (error) {
    return { ...classified(classify, error), error };
  }
}

/** The outcome with as much of what the server holds as the engine can be told. */
function withCurrent(
  outcome: AttemptOutcome,
  body: OperationBody,
  { collection }: DefinitionParts,
): AttemptOutcome {
  if (!("current" in outcome)) return outcome;
  const { current, ...rest } = outcome;
  const told = rest.kind === "conflict" ? toldCurrent(current, body, collection) : undefined;
  return told === undefined ? rest : { ...rest, current: told };
}
