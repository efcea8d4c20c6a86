import type { FunctionReference } from "convex/server";
import type { CloseOutcome, SourceClose } from "../source.js";
import { callConvex, type Line } from "./calls.js";
import { stampedKey } from "./stamp.js";

/** The mutation `close` of `tabweave/convex/server`, as an app exports it. */
export type CloseMutation = FunctionReference<
  "mutation",
  "public",
  { key: string },
  { status: "done"; result: unknown } | { status: "sealed" }
>;

/** Has the server tell what became of a key, or refuse it from now on. */
export async function closeKey(
  line: Line,
  close: CloseMutation,
  { key, firstAttemptMs, signal }: SourceClose,
): Promise<CloseOutcome> {
  const args = { key: stampedKey(key, firstAttemptMs) };
  const outcome = await callConvex(line, {
    reference: close,
    args,
    key: `close ${key}`,
    firstAttemptMs,
    signal,
  });
  switch (outcome.kind) {
    case "accepted": {
      const closed = outcome.result as CloseMutation["_returnType"];
      return closed.status === "done" ? { kind: "done", result: closed.result } : { kind: "closed" };
    }
    case "lost":
    case "unauthenticated":
      return outcome;
    case "retryable":
    case "unknown":
      // To ask twice does no harm.
      return { kind: "retryable", error: outcome.error, hindrance: outcome.hindrance ?? "connection" };
    default:
      return { kind: "rejected", error: outcome.error };
  }
}
