/** What a failed call to the server means for its operation. */
export type Classification =
  | "rejected"
  | "unknown"
  | "retryable"
  | { readonly kind: "retryable"; readonly afterMs: number };

// Statuses with which a server says that it did nothing yet.
const NOT_NOW = new Set([408, 425, 429, 503]);
// Names of errors with which browsers report a connection, not an answer.
const CONNECTION = new Set(["TypeError", "AbortError", "TimeoutError", "NetworkError"]);

/** Reads the status or the name of an error, never its text. */
export function classifyThrown(error: unknown): Classification {
  const { status, name } = (error ?? {}) as { status?: unknown; name?: unknown };
  if (typeof status === "number") {
    if (NOT_NOW.has(status)) return "retryable";
    return status >= 500 ? "unknown" : "rejected";
  }
  return typeof name === "string" && CONNECTION.has(name) ? "unknown" : "rejected";
}
