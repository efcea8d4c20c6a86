import type { Session } from "../client/session.js";
import type { AttemptOutcome } from "../definition/parts.js";
import type { AttemptRequest, OperationBody, OperationRecord } from "./binding.js";
import { type Creations, neededBy } from "./creations.js";
import { creatorOf, namedIn, renamed } from "./replacing.js";

/** How often an operation is tried whose creator nobody knows yet: the store may have yet to take that over. */
const STRANGER_ATTEMPTS_MAX = 5;

/** A body as the server can be sent it, or why it cannot. */
type Prepared =
  | { readonly body: OperationBody; readonly hindered?: never }
  | { readonly body?: never; readonly hindered: AttemptOutcome };

type Hindered = { readonly isFinal: boolean; readonly detail: string; readonly cause?: unknown };

/** Operations that name what others create: sent with its ids, or held back until those others are done. */
export class Dependants {
  /** Operations that this tab was to send and could not. */
  readonly #unsent = new Map<string, readonly string[]>();
  /** Creators that failed: operations may be parked for them. */
  readonly #failed = new Set<string>();
  #isLooking = false;
  #takesUp = false;

  constructor(
    private readonly session: Session,
    private readonly creations: Creations,
  ) {
    creations.learned = (operation) => {
      if (this.#unsent.size > 0 || this.#failed.delete(operation)) this.#lookSoon();
    };
  }

  /** What an attempt sends; it is not made if what the operation names is not there. */
  prepare({ id, body, attempt }: AttemptRequest): Prepared {
    const named = namedIn(body);
    const { ids } = this.session.rooms.placeholders;
    const hindrances = this.#missing(named).length > 0 ? this.#hindrances(named, attempt) : [];
    const worst = hindrances.find(({ isFinal }) => isFinal) ?? hindrances[0];
    if (worst === undefined) return { body: named.length > 0 ? renamed(body, ids) : body };
    this.#unsent.set(id, named);
    const { isFinal, detail, cause } = worst;
    const error = new Error(detail, { cause });
    return {
      hindered: isFinal ? { kind: "blocked", error } : { kind: "retryable", error, hindrance: "creator" },
    };
  }

  /** The operation has come further: perhaps to where it waits for what is there by now. */
  changed(id: string): void {
    const named = this.#unsent.get(id);
    if (named !== undefined && this.#missing(named).length === 0) this.#lookSoon();
  }

  /** An operation that others may depend on has failed. */
  failed(id: string): void {
    this.#failed.add(id);
  }

  /** Goes on with what tabs left that are gone: at the start, and when this tab comes to lead. */
  takeUp(): void {
    this.#takesUp = true;
    this.#lookSoon();
  }

  #hindrances(named: readonly string[], attempt: number): Hindered[] {
    const records = new Map(this.#records().map((record) => [record.id, record]));
    for (const text of named) {
      const record = records.get(creatorOf(text) ?? "");
      if (record !== undefined) this.creations.find(record, () => true);
    }
    return this.#missing(named).map((text) => this.#hindrance(records.get(creatorOf(text) ?? ""), attempt));
  }

  /** Why what an operation creates is not there. */
  #hindrance(creator: OperationRecord | undefined, attempt: number): Hindered {
    if (creator === undefined) {
      const isFinal = attempt >= STRANGER_ATTEMPTS_MAX;
      return { isFinal, detail: "It names what an operation was to create that nobody knows" };
    }
    const { name, state, failure } = creator;
    const cause = failure?.error;
    switch (state) {
      case "done":
        return this.session.rooms.handlers.find(name) === undefined
          ? { isFinal: false, detail: `No tab that knows “${name}” has told what it created` }
          : {
              isFinal: true,
              detail: `“${name}” is done, but its \`creates\` does not tell what it created`,
            };
      case "dead":
      case "cancelled":
      case "parked":
        return { isFinal: true, detail: `It names what “${name}” was to create, which is ${state}`, cause };
      default:
        return { isFinal: false, detail: `It names what “${name}” is to create, which is not done yet` };
    }
  }

  #missing(named: readonly string[]): readonly string[] {
    const { ids } = this.session.rooms.placeholders;
    return named.filter((text) => !ids.has(text));
  }

  #records(): readonly OperationRecord[] {
    const records = this.session.use((core) => core.records?.()) ?? [];
    return records.map((record) => {
      if (record.terms?.sensitive !== true) return record;
      const body = this.session.secrets.bodyOf(record.id);
      return body === undefined ? record : { ...record, body };
    });
  }

  /** Looks once for all that was learned in a task. */
  #lookSoon(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    queueMicrotask(() => {
      this.#isLooking = false;
      if (!this.session.isClosed) this.#look();
    });
  }

  /** Has the operations tried at once that were stopped by the lack of what is there now. */
  #look(): void {
    const leads = this.session.use((core) => core.place())?.role === "leader";
    const records = this.#records();
    if (this.#takesUp) this.#findCreated(records, leads);
    const known = new Set<string>();
    for (const record of records) {
      const { id, body } = record;
      known.add(id);
      // There may be thousands that are not stopped: what those name is not looked for.
      if (!isStopped(record, this.#unsent.has(id), leads)) continue;
      const named = namedIn(body);
      if (named.length === 0) continue;
      const missing = this.#missing(named);
      for (const text of missing) this.#failed.add(creatorOf(text) ?? "");
      if (missing.length > 0) continue;
      if (this.session.use((core) => core.wish(id, "resume"))) this.#unsent.delete(id);
    }
    for (const id of this.#unsent.keys()) if (!known.has(id)) this.#unsent.delete(id);
  }

  /** Learns what was created in time before, and forgets what of it nobody needs. */
  #findCreated(records: readonly OperationRecord[], leads: boolean): void {
    this.#takesUp = false;
    // Found out by looking through all that is queued, so not before somebody asks.
    let needed: ReadonlySet<string> | undefined;
    const isNeeded = (id: string) => {
      needed ??= neededBy(records);
      return needed.has(id);
    };
    for (const record of records) this.creations.find(record, isNeeded);
    if (leads) this.creations.prune(isNeeded);
  }
}

/** Of what another tab could not send, only the leader takes care, and only if it does not go on by itself. */
function isStopped(record: OperationRecord, isOurs: boolean, leads: boolean): boolean {
  if (isParked(record)) return isOurs || leads;
  return isOurs && record.why === "creator";
}

function isParked({ state, why }: OperationRecord): boolean {
  return state === "parked" && why === "depends_on_failed";
}
