import type { DefaultFunctionArgs, FunctionReference } from "convex/server";
import type { AttemptOutcome } from "../definition/parts.js";
import type { SourceCall } from "../source.js";
import { KEY_ARGUMENT } from "./arguments.js";
import type { ConvexClient } from "./client.js";
import type { Connection } from "./connection.js";
import { isConvexError, outcomeOfThrown } from "./refusal.js";
import { OUTCOMES_KEEP_MS } from "./stamp.js";
import type { Token } from "./token.js";

/** How long a mutation may go unanswered while the server is connected before its outcome is called unknown. */
const MUTATION_TIMEOUT_MS = 60_000;
/** The same of an action: Convex ends one that runs for ten minutes. */
const ACTION_TIMEOUT_MS = 660_000;
/**
 * How much before the end of the window nothing is sent again: the clocks of the device and of the server may differ
 * by about this, and a call takes its time.
 */
const WINDOW_MARGIN_MS = 60 * 60 * 1000;

/** A client, with what is known of it. */
export interface Line {
  readonly client: ConvexClient;
  readonly connection: Connection;
  readonly token: Token;
}

/** A call that was made, until its outcome was told to somebody. */
interface Made {
  readonly outcome: Promise<AttemptOutcome>;
  answered: boolean;
}

// The client keeps what it has not got an answer to and sends it again by itself. So a call of unknown
// outcome is remembered, per client and not per source: a second one would be a second call.
const made = new WeakMap<ConvexClient, Map<string, Made>>();

/** Whether the client has calls that it may send again by itself, whoever is signed in by then. */
export function hasUnanswered(client: ConvexClient): boolean {
  return [...(made.get(client)?.values() ?? [])].some(({ answered }) => !answered);
}

/** Calls a mutation or an action, or waits on for the answer to an earlier call with this key. */
export async function callConvex(line: Line, call: SourceCall): Promise<AttemptOutcome> {
  const calls = made.get(line.client) ?? new Map<string, Made>();
  made.set(line.client, calls);
  if (!calls.has(call.key)) {
    const hindered = await whyNot(line, call);
    if (hindered !== undefined) return hindered;
  }
  const entry = calls.get(call.key) ?? make(line, call);
  calls.set(call.key, entry);
  const told = await Promise.race([entry.outcome, silence(line.connection, call, entry.outcome)]);
  if (told === undefined) {
    return { kind: "unknown", error: new Error("The server has not answered."), hindrance: "connection" };
  }
  if (calls.get(call.key) === entry) calls.delete(call.key);
  return told;
}

/** What keeps a call from being made. */
async function whyNot({ connection, token }: Line, call: SourceCall): Promise<AttemptOutcome | undefined> {
  const { args, firstAttemptMs, signal } = call;
  const isKeyed = typeof args === "object" && args !== null && KEY_ARGUMENT in args;
  if (isKeyed && Date.now() - firstAttemptMs > OUTCOMES_KEEP_MS - WINDOW_MARGIN_MS) {
    return { kind: "lost", error: new Error("The server may have forgotten an earlier attempt.") };
  }
  // A disconnected client would keep the call to itself, out of reach of cancel and of other tabs.
  if (!(await connection.ready(signal))) return notConnected();
  if (!(await token.ready(signal))) {
    return { kind: "unauthenticated", error: new Error("The client has no token.") };
  }
  // Who waited may be gone by now, and somebody else be signed in.
  return connection.isConnected && !signal.aborted ? undefined : notConnected();
}

function notConnected(): AttemptOutcome {
  return { kind: "retryable", error: new Error("The server is not connected."), hindrance: "connection" };
}

function make(line: Line, call: SourceCall): Made {
  const outcome = send(line, call);
  const entry: Made = { outcome, answered: false };
  void outcome.then(() => {
    entry.answered = true;
  });
  return entry;
}

async function send({ client, connection }: Line, call: SourceCall): Promise<AttemptOutcome> {
  const { count } = connection;
  let promise: Promise<unknown>;
  try {
    promise = callOf(client, call);
  } catch (error) {
    // Thrown and not rejected: the client is closed, and nothing was sent.
    return { kind: "retryable", error, hindrance: "connection" };
  }
  try {
    return { kind: "accepted", result: await promise };
  } catch (error) {
    // The client rejects for what the function itself threw. It also gives up an action when it connects again, for
    // it cannot know how far that came. An answer to an action comes on the socket on which it was sent.
    const isCut = call.kind === "action" && !isConvexError(error) && connection.count !== count;
    return isCut ? { kind: "unknown", error, hindrance: "connection" } : outcomeOfThrown(error);
  }
}

function callOf(client: ConvexClient, { kind, reference, args }: SourceCall): Promise<unknown> {
  const given = args as DefaultFunctionArgs;
  return kind === "action"
    ? client.action(reference as FunctionReference<"action">, given)
    : client.mutation(reference as FunctionReference<"mutation">, given);
}

/** Resolves when the call has gone unanswered for too long, will never be answered, or nobody waits any more. */
function silence(connection: Connection, call: SourceCall, answer: Promise<unknown>): Promise<undefined> {
  const { signal, kind } = call;
  const { death } = connection;
  const timeoutMs = kind === "action" ? ACTION_TIMEOUT_MS : MUTATION_TIMEOUT_MS;
  return new Promise((resolve) => {
    let timer = setTimeout(elapsed, timeoutMs);
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      death.removeEventListener("abort", end);
      resolve(undefined);
    };
    function elapsed(): void {
      if (connection.isConnected || connection.death.aborted) end();
      else timer = setTimeout(elapsed, timeoutMs);
    }
    signal.addEventListener("abort", end);
    death.addEventListener("abort", end);
    void answer.then(end);
    if (signal.aborted || death.aborted) end();
  });
}
