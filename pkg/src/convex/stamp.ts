/**
 * How long after an operation's first attempt the server can tell whether it took effect, in milliseconds: 30 days.
 * What `OUTCOMES_KEEP_MS` of `tabweave/convex/server` says, which no client imports.
 */
export const OUTCOMES_KEEP_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * The key under which an operation is sent: its id, with the time of its first attempt in base 36, by which the server
 * refuses what is older than its records. The record is kept under the id.
 */
export function stampedKey(id: string, firstAttemptMs: number): string {
  return `${id}@${Math.max(0, Math.round(firstAttemptMs)).toString(36)}`;
}
