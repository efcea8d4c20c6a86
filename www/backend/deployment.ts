// One database with everybody who watches it: runs mutations one after the other, keeps what was
// answered, and tells each session what changed for it.
import type { JSONValue } from "convex/values";
import type { Faults, Rule } from "./faults.js";
import type { Answer, Call, Failure, Functions } from "./functions.js";
import { encodeTs, type Response, type Transition } from "./protocol.js";
import { type AnsweredRequest, type Records, readRecords, writeRecords } from "./records.js";
import type { Session } from "./session.js";
import { putBack, take } from "./snapshot.js";

/** Answers kept for resends; a client resends within minutes, this is hours of them. */
const ANSWERED_MAX = 10_000;

/** A query as somebody subscribed to it; equal ones are run once. */
export type Watched = Call & { journal: string | null };
export type QueryResult = { answer: Answer; journal: string | null };

/** Who sent a mutation from which socket, and what is to go wrong with its answer. */
type Sender = { session: Session; requestId: number; rule: Rule | null };

export class Deployment {
  readonly sessions = new Set<Session>();
  readonly functions: Functions;
  readonly faults: Faults;
  /** There was no data file to start from. */
  readonly isNew: boolean;
  ts: bigint;
  readonly counts = { mutationsRun: 0, mutationsFailed: 0, deduped: 0, queriesRun: 0 };
  readonly #path: string;
  readonly #answered: Map<string, AnsweredRequest>;
  #nextCounter: number;
  #results = new Map<string, QueryResult>();
  /** Somebody wrote since the queries were last run. */
  #isDirty = false;
  #isUnsaved = false;
  #tail: Promise<unknown> = Promise.resolve();
  #wake: () => void = () => {};

  private constructor(functions: Functions, faults: Faults, path: string, records: Records | null) {
    this.functions = functions;
    this.faults = faults;
    this.#path = path;
    this.isNew = records === null;
    this.ts = later(BigInt(records?.ts ?? 0));
    this.#nextCounter = records?.nextCounter ?? 0;
    this.#answered = new Map(
      records?.answered.map((record) => [keyOf(record.session, record.request), record]),
    );
    functions.onWrite(() => {
      this.#isDirty = true;
      this.#results.clear();
      this.#wake();
    });
    void this.#publishWhatNobodyAwaits();
  }

  static async open(functions: Functions, faults: Faults, path: string): Promise<Deployment> {
    const records = await readRecords(path);
    if (records !== null) await putBack(functions, records);
    return new Deployment(functions, faults, path, records);
  }

  /**
   * Runs a mutation and publishes its effect in one go. A resent request is answered from the
   * record; failures leave no record, as they leave no effect. The sender's answer is always
   * followed by a transition that has reached the answer's timestamp.
   */
  async mutate(call: Call, sender: Sender | null): Promise<Answer> {
    return await this.exclusively(async () => {
      const earlier = sender && this.#answered.get(keyOf(sender.session.id, sender.requestId));
      if (earlier) {
        this.counts.deduped += 1;
        await this.publish(sender.session, call.path, () => answerSender(sender, responseFrom(earlier)));
        return { success: true, value: earlier.result };
      }
      const answer = await this.functions.run("mutation", call);
      if (!answer.success) {
        this.counts.mutationsFailed += 1;
        sender?.session.send(failedResponse("MutationResponse", sender.requestId, answer));
        return answer;
      }
      this.counts.mutationsRun += 1;
      this.ts = later(this.ts);
      this.#isUnsaved = true;
      if (sender === null) {
        await this.publish(null, call.path);
      } else {
        const response = responseFrom(this.#remember(sender, answer.value));
        await this.publish(sender.session, call.path, () => answerSender(sender, response));
      }
      return answer;
    });
  }

  /**
   * Runs the watched queries of all sessions and sends each session what is new to it; `origin` gets a
   * transition in any case. `path` is the mutation behind it, if there is one. `onSaved` is
   * called when everything is on disk and nothing has been sent.
   */
  async publish(origin: Session | null, path?: string, onSaved?: () => void): Promise<void> {
    await this.#runQueries();
    const news: [Session, Transition][] = [];
    for (const session of this.sessions) {
      const transition = session.transition(encodeTs(this.ts), this.#results, session === origin);
      if (transition !== null) news.push([session, transition]);
    }
    // What a client has seen must survive this process.
    if (this.#isUnsaved) await this.#save();
    onSaved?.();
    for (const [session, transition] of news) session.tell(transition, path, session === origin);
  }

  /** Publishes what an action or a scheduled function has written so far. */
  async flush(): Promise<void> {
    await this.exclusively(async () => {
      if (this.#isDirty) await this.publish(null);
    });
  }

  /** One at a time: commits, subscriptions and publications see the database in one order. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#tail.then(work);
    this.#tail = mine.catch(() => {});
    return await mine;
  }

  /**
   * Writes that no client mutation awaits. The loop is started here, outside of any function, because
   * convex-test takes what a function starts for a part of that function.
   */
  async #publishWhatNobodyAwaits(): Promise<never> {
    for (;;) {
      if (!this.#isDirty) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      await this.flush();
    }
  }

  #remember({ session, requestId }: Sender, result: JSONValue): AnsweredRequest {
    const record = { session: session.id, request: requestId, result, ts: String(this.ts) };
    this.#answered.set(keyOf(session.id, requestId), record);
    for (const oldest of this.#answered.keys()) {
      if (this.#answered.size <= ANSWERED_MAX) break;
      this.#answered.delete(oldest);
    }
    return record;
  }

  /** Repeats while somebody writes, so that all results belong to one timestamp. */
  async #runQueries(): Promise<void> {
    const before = this.#results;
    do {
      if (this.#isDirty) {
        this.#isDirty = false;
        this.#isUnsaved = true;
        this.ts = later(this.ts);
      }
      const results = new Map<string, QueryResult>();
      for (const session of this.sessions) {
        for (const watched of session.watched()) {
          const key = keyOfWatched(watched);
          if (results.has(key)) continue;
          results.set(key, before.get(key) ?? (await this.#runQuery(watched)));
        }
      }
      this.#results = results;
    } while (this.#isDirty);
  }

  /** A page keeps its end: the first run's cursor is the journal of the following ones. */
  async #runQuery({ journal, ...call }: Watched): Promise<QueryResult> {
    this.counts.queriesRun += 1;
    const args = call.args as { paginationOpts?: { [name: string]: JSONValue } };
    const isPage = typeof args.paginationOpts === "object";
    if (!isPage) return { answer: await this.functions.run("query", call), journal: null };
    const paginationOpts =
      journal === null ? args.paginationOpts : { ...args.paginationOpts, endCursor: journal };
    const answer = await this.functions.run("query", {
      ...call,
      args: { ...args, paginationOpts } as JSONValue,
    });
    const cursor = answer.success ? (answer.value as { continueCursor?: string }).continueCursor : undefined;
    return { answer, journal: journal ?? cursor ?? null };
  }

  async #save(): Promise<void> {
    const snapshot = await take(this.functions, this.#nextCounter);
    this.#nextCounter = snapshot.nextCounter;
    const answered = [...this.#answered.values()];
    await writeRecords(this.#path, { format: 1, ts: String(this.ts), answered, ...snapshot });
    this.#isUnsaved = false;
  }
}

function answerSender({ session, rule }: Sender, response: Response): void {
  if (rule?.action === "exit") process.kill(process.pid, "SIGKILL");
  session.respond(response, rule);
}

export function failedResponse(
  type: "MutationResponse" | "ActionResponse",
  requestId: number,
  { errorMessage, errorData }: Failure,
): Response {
  const data = errorData === undefined ? {} : { errorData };
  return { type, requestId, success: false, result: errorMessage, ...data, logLines: [] };
}

function responseFrom({ request, result, ts }: AnsweredRequest): Response {
  return {
    type: "MutationResponse",
    requestId: request,
    success: true,
    result,
    ts: encodeTs(BigInt(ts)),
    logLines: [],
  };
}

/** Equal for subscriptions that are certain to have equal results. */
export function keyOfWatched({ path, args, identity, journal }: Watched): string {
  return JSON.stringify([path, args, identity, journal]);
}

function keyOf(session: string, request: number): string {
  return `${session}/${request}`;
}

/** Time never stands still or runs backwards between two commits, also across restarts. */
function later(ts: bigint): bigint {
  const now = BigInt(Date.now()) * 1_000_000n;
  return now > ts ? now : ts + 1n;
}
