/**
 * How long what a key has done can be told, in milliseconds: 30 days from its first attempt. Records are kept for at
 * least as long; a key that is older and has none is refused, for it may have run and be forgotten.
 */
export const OUTCOMES_KEEP_MS: number = 30 * 24 * 60 * 60 * 1000;

/** A key as it is recorded, and what it says about its operation. */
export type ReadKey = {
  /** Names the record. */
  key: string;
  /** When the operation was first sent, in milliseconds since 1970; `null` if the key does not tell. */
  firstAttemptMs: number | null;
};

// As the client makes it: `<id>@<milliseconds since 1970 in base 36>`; an edit that was merged before it was sent again has
// `<id>.<how often>` in place of the id. Only after an id of Tabweave's, for in a key
// that an app makes, as of an address, an "@" means something else.
const STAMPED = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.\d{1,10})?)@([0-9a-z]{1,9})(:.*)?$/s;

/** Takes the time from a key. What follows it after a colon stays: it names a part of the operation. */
export function readKey(key: string): ReadKey {
  const [, id, time, part = ""] = STAMPED.exec(key) ?? [];
  if (id === undefined || time === undefined) return { key, firstAttemptMs: null };
  return { key: id + part, firstAttemptMs: Number.parseInt(time, 36) };
}
