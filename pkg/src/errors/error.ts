import type { UndeliveredOperation } from "../client/snapshots.js";
import { CODES, type TabweaveErrorCode } from "./codes.js";

// Bundlers put a constant in place of the whole expression, so it must be written out.
declare const process: { readonly env: { readonly NODE_ENV?: string } };

// A global symbol, so that errors of two copies of this package know each other.
const BRAND = Symbol.for("tabweave.error");

// Sentences for people who write the app; production builds drop the table and go without.
let sentences: typeof CODES | undefined;
try {
  if (process.env.NODE_ENV !== "production") sentences = CODES;
} catch {
  // No bundler says what build this is.
}

/** What the table says of retryable errors, for when there is no table. */
const RETRYABLE: ReadonlySet<TabweaveErrorCode> = new Set<TabweaveErrorCode>([
  "attempts_exhausted",
  "conflict",
  "depends_on_failed",
  "engine_crashed",
  "engine_not_loaded",
  "expired",
  "fence_lost",
  "identity_unknown",
  "leader_silent",
  "orphans_unreadable",
  "outbox_full",
  "outcome_unknown",
  "retryable",
  "set_aside",
  "signed_out",
  "storage_failed",
  "storage_quota",
  "storage_stalled",
  "store_lost",
  "timed_out",
  "topic_full",
  "wasm_unavailable",
]);

/** The one error this package throws, rejects with and reports. */
export class TabweaveError extends Error {
  override readonly name = "TabweaveError";
  /** What happened, from a closed list; ERRORS.md says more about each. */
  readonly code: TabweaveErrorCode;
  /** Whether the same thing may work another time. */
  readonly retryable: boolean;
  /** What to do about it; in production builds, where to read it. */
  readonly remedy: string;
  /** What the server, the browser or a function of the app threw. */
  override readonly cause: unknown;

  /** With `undelivered_operations`: what erase() would take away. */
  declare readonly undelivered?: readonly UndeliveredOperation[];

  constructor(code: TabweaveErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    const { cause = "", remedy = `See “${code}” in ERRORS.md of tabweave.` } = sentences?.[code] ?? {};
    super(`${code}: ${options.detail ?? cause} ${remedy}`);
    this.code = code;
    this.remedy = remedy;
    this.retryable = RETRYABLE.has(code);
    this.cause = options.cause;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Whether a value is a {@link TabweaveError}, of whichever copy of this package. */
export function isTabweaveError(value: unknown): value is TabweaveError {
  return typeof value === "object" && value !== null && BRAND in value;
}
