import { plainError } from "../errors/plain.js";
import { encode } from "../local/tagged.js";
import type { OutboxEntry } from "./snapshots.js";

// Loaded when somebody exports.

/** The dead letters among these operations as JSON; see `client.exportDeadLetters()`. */
export function deadLettersAsJson(operations: readonly OutboxEntry[]): string {
  const letters = operations.filter(({ state }) => state === "dead").map(letterOf);
  return JSON.stringify({ format: "tabweave/dead-letters", version: 1, letters }, undefined, 2);
}

function letterOf({ id, name, scope, document, args, attempts, acceptedAt, error, ...times }: OutboxEntry) {
  return {
    id,
    name,
    scope,
    document,
    sensitive: times.sensitive || undefined,
    args: asJson(args),
    attempts,
    acceptedAt: dateText(acceptedAt),
    firstAttemptAt: dateText(times.firstAttemptAt),
    inDoubt: times.inDoubt,
    code: error?.code,
    error: error?.cause === undefined ? undefined : asJson(plainError(error.cause)),
  };
}

/** With what JSON lacks in tags; what no text can be made of is left out and said so. */
function asJson(value: unknown): unknown {
  if (value === undefined) return undefined;
  try {
    return JSON.parse(encode(value));
  } catch (error) {
    return { $: ["left out", String(error)] };
  }
}

function dateText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
