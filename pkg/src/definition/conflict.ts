import { read } from "../recovery/read.js";

/** What the server holds in place of what an edit was made on: another document, or none any more. */
export type CurrentDocument = { readonly document: unknown } | { readonly removed: true };

/** Whatever tells of a conflict may say what the server holds. */
export interface SaysCurrent {
  /** What the server holds, as the collection shows it; missing if it did not say. */
  readonly current?: CurrentDocument;
}

// A global symbol, so that errors of two copies of this package know each other.
const BRAND = Symbol.for("tabweave.conflict");

/** What `CONFLICT_TAG` of `tabweave/convex/server` says, which no client imports. */
const CONVEX_TAG = "tabweave:conflict";

/**
 * For `run` to throw where the server has answered that it holds something else than the edit was made on, as by 409:
 * the operation is a conflict, and what the server holds is known at once.
 *
 * ```ts
 * run: async ({ id, base, next }) => {
 *   const response = await fetch(`/notes/${id}`, { method: "PUT", body: JSON.stringify({ base, next }) });
 *   if (response.status === 409) throw new ConflictError({ document: await response.json() });
 *   if (response.status === 410) throw new ConflictError({ removed: true });
 *   …
 * }
 * ```
 */
export class ConflictError extends Error implements SaysCurrent {
  override readonly name = "ConflictError";
  readonly code = "conflict";
  declare readonly current?: CurrentDocument;

  constructor(current?: CurrentDocument, options?: { readonly cause?: unknown }) {
    super("The server holds something else.", options);
    Object.defineProperty(this, BRAND, { value: true });
    Object.assign(this, saying(current));
  }
}

/** What an error that stands for a conflict says of what the server holds: one of ours, or one of `checkBase`. */
export function currentOf(error: unknown): SaysCurrent {
  if (read(error, BRAND) === true) return saying(read(error, "current"));
  const data = read(error, "data");
  if (!isConvexConflict(data)) return {};
  const current = read(data, "current");
  return saying(current === null ? { removed: true } : current && { document: current });
}

/** Whether this is what `checkBase` gives its error as data. */
export function isConvexConflict(data: unknown): data is object {
  return read(data, "tag") === CONVEX_TAG;
}

function saying(current: unknown): SaysCurrent {
  return current === undefined ? {} : { current: current as CurrentDocument };
}
