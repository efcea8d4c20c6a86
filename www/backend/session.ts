// One socket of one client: what it watches, what it was told, and the order of its messages.
import type { JSONValue } from "convex/values";
import type { WebSocket } from "ws";
import {
  type Deployment,
  failedResponse,
  keyOfWatched,
  type QueryResult,
  type Watched,
} from "./deployment.js";
import type { Rule } from "./faults.js";
import type { Failure } from "./functions.js";
import { type Identity, identityOf } from "./identity.js";
import {
  type AddQuery,
  type Authenticate,
  type ClientMessage,
  type Connect,
  decodeTs,
  encodeTs,
  type ModifyQuerySet,
  type Request,
  type Response,
  type ServerMessage,
  type StateModification,
  type StateVersion,
  type Transition,
} from "./protocol.js";

const PING_INTERVAL_MS = 15_000;
const CLOSE_INTERNAL_ERROR = 1011;

type Subscription = Omit<Watched, "identity"> & {
  /** What the client has seen, in JSON; `null` before the first result. */
  seen: string | null;
  /** A failure made on purpose, told once in place of the result. */
  injected: Failure | null;
};

/** Mutations of one session run in order, also across its sockets: a resend waits for the first try. */
const mutationQueues = new Map<string, Promise<void>>();

export class Session {
  id = "";
  readonly connection: number;
  readonly #socket: WebSocket;
  readonly #deployment: Deployment;
  readonly #closed: Promise<void>;
  /** Whoever sends from now on; `#identity` is who watches, as of the last transition. */
  #caller: Identity | null = null;
  #identity: Identity | null = null;
  #version: StateVersion = { querySet: 0, identity: 0, ts: encodeTs(0n) };
  #wanted = { querySet: 0, identity: 0 };
  readonly #subscriptions = new Map<number, Subscription>();
  #removed: number[] = [];
  readonly #injected = new WeakMap<AddQuery, Failure>();
  #greeting: Promise<boolean> = Promise.resolve(true);
  #changes: Promise<void> = Promise.resolve();
  #outgoing: Promise<void> = Promise.resolve();

  constructor(socket: WebSocket, deployment: Deployment, connection: number) {
    this.#socket = socket;
    this.#deployment = deployment;
    this.connection = connection;
    const ping = setInterval(() => this.#write({ type: "Ping" }), PING_INTERVAL_MS);
    this.#closed = new Promise((resolve) => {
      socket.on("close", () => {
        clearInterval(ping);
        deployment.sessions.delete(this);
        resolve();
      });
    });
    // The close event follows.
    socket.on("error", () => {});
    socket.on("message", (data) => this.#receive(String(data)));
  }

  /** The queries this client watches, as the person it says it is. */
  *watched(): Iterable<Watched> {
    for (const { path, args, journal } of this.#subscriptions.values()) {
      yield { path, args, journal, identity: this.#identity };
    }
  }

  /** What the client does not know yet, `null` if that is nothing and it awaits nothing. */
  transition(ts: string, results: Map<string, QueryResult>, always: boolean): Transition | null {
    const modifications: StateModification[] = this.#removed.map((queryId) => ({
      type: "QueryRemoved",
      queryId,
    }));
    this.#removed = [];
    for (const [queryId, subscription] of this.#subscriptions) {
      const result = results.get(keyOfWatched({ ...subscription, identity: this.#identity }));
      if (result === undefined) throw new Error("every watched query was run for this publication");
      const answer = subscription.injected ?? result.answer;
      subscription.injected = null;
      subscription.journal ??= result.journal;
      const seen = comparable(answer);
      if (seen === subscription.seen) continue;
      subscription.seen = seen;
      modifications.push(modificationFrom(queryId, answer, subscription.journal));
    }
    if (modifications.length === 0 && !always) return null;
    const startVersion = this.#version;
    this.#version = { ...this.#wanted, ts };
    return { type: "Transition", startVersion, endVersion: this.#version, modifications };
  }

  send(message: ServerMessage, before: () => Promise<boolean> = async () => true): void {
    this.#outgoing = this.#outgoing.then(async () => {
      if (await before()) this.#write(message);
    });
  }

  /** Sends a mutation's answer, or does with it what the rule says. */
  respond(response: Response, rule: Rule | null): void {
    this.send(response, async () => {
      if (rule?.action === "drop-after") this.#socket.terminate();
      if (rule?.action === "delay-response") await this.#deployment.faults.hold(rule);
      return true;
    });
  }

  /** Sends a transition; one that tells of a mutation is subject to the rules for transitions. */
  tell(transition: Transition, path: string | undefined, isOrigin: boolean): void {
    if (path === undefined) {
      this.send(transition);
      return;
    }
    const rule = this.#deployment.faults.match("transition", { path, session: this.id, isOrigin });
    this.send(transition, () => this.#passes(rule));
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #receive(text: string): void {
    let message: ClientMessage;
    try {
      message = JSON.parse(text);
    } catch {
      this.#fail("A message is not JSON.");
      return;
    }
    switch (message.type) {
      case "Connect":
        this.#greeting = this.#connect(message);
        return;
      case "ModifyQuerySet":
      case "Authenticate":
        this.#change(message);
        return;
      case "Mutation":
        this.#queueMutation(message);
        return;
      case "Action":
        void this.#runAction(message);
        return;
      case "Event":
        return;
      default:
        this.#fail(`Message type ${JSON.stringify((message as { type?: unknown }).type)} is unknown.`);
    }
  }

  async #connect({ sessionId, maxObservedTimestamp }: Connect): Promise<boolean> {
    this.id = sessionId;
    if (maxObservedTimestamp !== undefined && decodeTs(maxObservedTimestamp) > this.#deployment.ts) {
      this.#socket.close(CLOSE_INTERNAL_ERROR, "The client has seen a later state than this server has.");
      return false;
    }
    if (!(await this.#passes(this.#deployment.faults.match("connect", { session: sessionId })))) return false;
    if (this.#socket.readyState === this.#socket.OPEN) this.#deployment.sessions.add(this);
    return true;
  }

  /** Changes of what is watched and by whom, one after the other, each answered with a transition. */
  #change(message: ModifyQuerySet | Authenticate): void {
    const identity = message.type === "Authenticate" ? this.#authenticate(message) : undefined;
    if (identity === "refused") return;
    this.#changes = this.#changes.then(async () => {
      if (!(await this.#greeting)) return;
      if (message.type === "ModifyQuerySet" && !(await this.#passesQueries(message))) return;
      await this.#deployment.exclusively(async () => {
        const version = message.type === "ModifyQuerySet" ? "querySet" : "identity";
        if (message.baseVersion !== this.#wanted[version]) {
          this.#fail(`Base version ${message.baseVersion} is not the current ${this.#wanted[version]}.`);
          return;
        }
        if (message.type === "ModifyQuerySet") this.#modify(message);
        else this.#identity = identity ?? null;
        this.#wanted[version] += 1;
        await this.#deployment.publish(this);
      });
    });
  }

  #authenticate(message: Authenticate): Identity | null | "refused" {
    try {
      if (message.tokenType === "Admin") throw new Error("This server has no admin.");
      this.#caller = message.tokenType === "None" ? null : identityOf(message.value);
      return this.#caller;
    } catch (error) {
      const { baseVersion } = message;
      this.send({
        type: "AuthError",
        error: (error as Error).message,
        baseVersion,
        authUpdateAttempted: true,
      });
      return "refused";
    }
  }

  #modify({ modifications }: ModifyQuerySet): void {
    for (const modification of modifications) {
      const { queryId } = modification;
      if (modification.type === "Remove") {
        if (this.#subscriptions.delete(queryId)) this.#removed.push(queryId);
        continue;
      }
      const { udfPath: path, args, journal } = modification;
      const injected = this.#injected.get(modification) ?? null;
      this.#subscriptions.set(queryId, {
        path,
        args: args[0] ?? {},
        journal: journal ?? null,
        seen: null,
        injected,
      });
    }
  }

  async #passesQueries({ modifications }: ModifyQuerySet): Promise<boolean> {
    for (const modification of modifications) {
      if (modification.type !== "Add") continue;
      const rule = this.#deployment.faults.match("query", { path: modification.udfPath, session: this.id });
      if (rule?.action === "error") this.#injected.set(modification, injectedFailure(rule));
      if (!(await this.#passes(rule))) return false;
    }
    return true;
  }

  #queueMutation(message: Request): void {
    const identity = this.#caller;
    const before = mutationQueues.get(this.id) ?? Promise.resolve();
    const mine = before.then(async () => {
      if (await this.#greeting) await this.#runMutation(message, identity);
    });
    mutationQueues.set(this.id, mine);
    void mine.then(() => {
      if (mutationQueues.get(this.id) === mine) mutationQueues.delete(this.id);
    });
  }

  async #runMutation({ requestId, udfPath: path, args }: Request, identity: Identity | null): Promise<void> {
    const rule = this.#deployment.faults.match("mutation", { path, session: this.id });
    // An exit comes after the commit, when nothing but the answer is missing.
    if (rule?.action !== "exit" && !(await this.#passes(rule))) return;
    if (rule?.action === "error") {
      this.send(failedResponse("MutationResponse", requestId, injectedFailure(rule)));
      return;
    }
    await this.#deployment.mutate(
      { path, args: args[0] ?? {}, identity },
      { session: this, requestId, rule },
    );
  }

  async #runAction({ requestId, udfPath: path, args }: Request): Promise<void> {
    const identity = this.#caller;
    if (!(await this.#greeting)) return;
    const answer = await this.#deployment.functions.run("action", { path, args: args[0] ?? {}, identity });
    await this.#deployment.flush();
    this.send(
      answer.success
        ? { type: "ActionResponse", requestId, success: true, result: answer.value, logLines: [] }
        : failedResponse("ActionResponse", requestId, answer),
    );
  }

  /** Does what a rule asks for before something happens; answers whether it happens at all. */
  async #passes(rule: Rule | null): Promise<boolean> {
    switch (rule?.action) {
      case "delay":
        await this.#deployment.faults.hold(rule);
        return true;
      case "hang":
        await this.#closed;
        return false;
      case "drop-before":
        this.#socket.terminate();
        return false;
      case "close":
        this.#socket.close(CLOSE_INTERNAL_ERROR, "InternalServerError");
        return false;
      case "fatal":
        this.#fail("A fault rule ended this client.");
        return false;
      case "exit":
        process.kill(process.pid, "SIGKILL");
        return false;
      default:
        return true;
    }
  }

  /** The client takes this for the end and does not come back. */
  #fail(error: string): void {
    this.#write({ type: "FatalError", error });
    this.#socket.close(CLOSE_INTERNAL_ERROR, "FatalError");
  }

  #write(message: ServerMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

function modificationFrom(
  queryId: number,
  answer: QueryResult["answer"],
  journal: string | null,
): StateModification {
  if (answer.success) return { type: "QueryUpdated", queryId, value: answer.value, logLines: [], journal };
  const { errorMessage, errorData } = answer;
  const data = errorData === undefined ? {} : { errorData };
  return { type: "QueryFailed", queryId, errorMessage, ...data, logLines: [], journal };
}

/** Equal for answers that look the same to the client: each failure has a request id of its own. */
function comparable(answer: QueryResult["answer"]): string {
  if (answer.success) return JSON.stringify(answer.value);
  return JSON.stringify(["failed", answer.errorMessage.replace(/^\[.*?\]/, ""), answer.errorData]);
}

function injectedFailure({ error }: Rule): Failure {
  const errorMessage = "Server Error\nUncaught ConvexError: a fault rule made this fail";
  return { success: false, errorMessage, errorData: (error ?? null) as JSONValue };
}
