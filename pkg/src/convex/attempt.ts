import type { AttemptContext, AttemptOutcome } from "../definition/parts.js";
import { TabweaveError } from "../errors/error.js";
import type { SourceCall } from "../source.js";
import { KEY_ARGUMENT } from "./arguments.js";
import { stampedKey } from "./stamp.js";

/** What is called for an operation: without a key every call counts. */
interface Called extends Pick<SourceCall, "reference" | "kind"> {
  readonly args: unknown;
  readonly keyed: boolean;
}

/** Makes an attempt of an operation through the client's source. */
export async function attempt(context: AttemptContext, called: Called): Promise<AttemptOutcome> {
  const { key, firstAttemptMs, signal, source } = context;
  if (source?.call === undefined) {
    const detail = "A Convex operation needs `source: convexSource(client)` in createTabweave().";
    return { kind: "retryable", error: new TabweaveError("invalid_option", { detail }) };
  }
  const { keyed, args, ...rest } = called;
  const own = (args ?? {}) as object;
  const sent = keyed ? { ...own, [KEY_ARGUMENT]: stampedKey(key, firstAttemptMs) } : own;
  return source.call({ ...rest, args: sent, key, firstAttemptMs, signal });
}
