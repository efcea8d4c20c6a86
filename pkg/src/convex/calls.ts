import type { DefaultFunctionArgs, FunctionReference } from "convex/server";
import type { AttemptContext, AttemptOutcome } from "../definition/parts.js";
import { TabweaveError } from "../errors/error.js";
import type { SourceCall } from "../source.js";
import { KEY_ARGUMENT } from "./arguments.js";
import type { ConvexClient } from "./client.js";
import type { Connection } from "./connection.js";

/** How long a call may go unanswered while the server is connected before its outcome is called unknown. */
const CALL_TIMEOUT_MS = 60_000;

// The client keeps what it has not got an answer to and sends it again by itself. So a call of unknown
// outcome is remembered, per client and not per source: a second one would be a second mutation.
const unanswered = new WeakMap<ConvexClient, Map<string, Promise<AttemptOutcome>>>();

/** Makes an attempt of an operation through the client's source. */
export async function callMutation(
  { key, firstAttemptMs, signal, source }: AttemptContext,
  mutation: FunctionReference<"mutation">,
  args: unknown,
  once: boolean,
): Promise<AttemptOutcome> {
  if (source?.call === undefined) {
    const detail = "A Convex operation needs `source: convexSource(client)` in createTabweave().";
    return { kind: "retryable", error: new TabweaveError("invalid_option", { detail }) };
  }
  const keyed = once ? { ...(args as object), [KEY_ARGUMENT]: key } : (args ?? {});
  return source.call({ reference: mutation, args: keyed, key, firstAttemptMs, signal });
}

/** Calls a mutation, or waits on for the answer to an earlier call with this key. */
export async function callConvex(
  client: ConvexClient,
  connection: Connection,
  call: SourceCall,
): Promise<AttemptOutcome> {
  const calls = unanswered.get(client) ?? new Map<string, Promise<AttemptOutcome>>();
  unanswered.set(client, calls);
  let answer = calls.get(call.key);
  if (answer === undefined) {
    // A disconnected client would keep the call to itself, out of reach of cancel and of other tabs.
    if (!(await connection.ready(call.signal)))
      return { kind: "retryable", error: new Error("The server is not connected.") };
    answer = calls.get(call.key) ?? send(client, call);
    calls.set(call.key, answer);
  }
  const outcome = await Promise.race([answer, silence(connection, call.signal, answer)]);
  if (outcome !== undefined) {
    calls.delete(call.key);
    return outcome;
  }
  return { kind: "unknown", error: new Error("The server has not answered.") };
}

async function send(client: ConvexClient, { reference, args }: SourceCall): Promise<AttemptOutcome> {
  let promise: Promise<unknown>;
  try {
    promise = client.mutation(reference as FunctionReference<"mutation">, args as DefaultFunctionArgs);
  } catch (error) {
    // Thrown and not rejected: the client is closed, and nothing was sent.
    return { kind: "retryable", error };
  }
  try {
    return { kind: "accepted", result: await promise };
  } catch (error) {
    // The client rejects only for what the function itself threw.
    return { kind: "rejected", error };
  }
}

/** Resolves when the call has gone unanswered for too long, or nobody waits for it any more. */
function silence(connection: Connection, signal: AbortSignal, answer: Promise<unknown>): Promise<undefined> {
  return new Promise((resolve) => {
    let timer = setTimeout(elapsed, CALL_TIMEOUT_MS);
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve(undefined);
    };
    function elapsed(): void {
      if (connection.isConnected) end();
      else timer = setTimeout(elapsed, CALL_TIMEOUT_MS);
    }
    signal.addEventListener("abort", end);
    void answer.then(end);
  });
}
