import type { TabweaveErrorCode } from "../errors/codes.js";
import { isTabweaveError, TabweaveError } from "../errors/error.js";

// The engine's words for its refusals, where they are not codes.
const REFUSALS: Readonly<Record<string, TabweaveErrorCode>> = {
  closed: "client_closed",
  duplicate: "duplicate_operation",
  invalid_argument: "invalid_option",
  no_handler: "not_registered",
};

/** What the engine refused, as an error; whatever was thrown by somebody else is thrown on. */
export function engineRefusal(thrown: unknown): TabweaveError {
  if (isTabweaveError(thrown)) return thrown;
  const { code } = (thrown ?? {}) as { code?: unknown };
  if (thrown instanceof Error || typeof code !== "string") throw thrown;
  return new TabweaveError(REFUSALS[code] ?? (code as TabweaveErrorCode));
}
