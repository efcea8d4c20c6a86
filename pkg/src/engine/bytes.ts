import type { JournalRecord } from "./binding.js";

/** What the engine counts at most for one operation. */
const BYTES_MAX = 2 ** 32 - 1;

/** A record with about how many bytes its arguments take, so that all tabs count alike. */
export function weighed(record: JournalRecord): JournalRecord {
  // It may have been read from a journal that anybody wrote: the engine checks what it is.
  const body: unknown = (record as Partial<JournalRecord> | null)?.body;
  if (typeof body !== "object" || body === null) return record;
  const { arguments: given, base, next } = body as Readonly<Record<string, unknown>>;
  return { ...record, bytes: Math.min(bytesOf(given) + bytesOf(base) + bytesOf(next), BYTES_MAX) };
}

/** About how many bytes a value takes that can be stored: what several parts of it share counts once. */
export function bytesOf(value: unknown): number {
  const met = new Set<object>();
  const open = [value];
  let bytes = 0;
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one === "string") bytes += 2 * one.length;
    else if (typeof one === "bigint") bytes += Math.ceil(one.toString(16).length / 2);
    else if (typeof one === "number" || typeof one === "boolean") bytes += 8;
    else if (typeof one === "object" && one !== null && !met.has(one)) {
      met.add(one);
      bytes += ownBytes(one);
      for (const part of partsOf(one)) open.push(part);
    }
  }
  return bytes;
}

/** What an object takes without its parts. */
function ownBytes(value: object): number {
  if (value instanceof ArrayBuffer) return value.byteLength;
  if (typeof Blob !== "undefined" && value instanceof Blob) return value.size;
  return 8;
}

function partsOf(value: object): Iterable<unknown> {
  // A view is stored with all of what it looks at.
  if (ArrayBuffer.isView(value)) return [value.buffer];
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  if (value instanceof Set) return value;
  if (Array.isArray(value)) return Object.values(value);
  if (value instanceof Error) return [value.name, value.message, value.stack, value.cause];
  return Object.entries(value).flat();
}
