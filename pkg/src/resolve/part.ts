import type { Path, PathSegment } from "../merge/types.js";
import { sameValue } from "../token.js";

/** A part of a document; undefined where there is none, which is not the same as one that is undefined. */
export type Part = { readonly value: unknown } | undefined;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function placeOf(list: readonly unknown[], by: string, key: unknown): number {
  return list.findIndex((item) => isRecord(item) && Object.hasOwn(item, by) && sameValue(item[by], key));
}

function keyIn(map: ReadonlyMap<unknown, unknown>, key: unknown): Part {
  if (map.has(key)) return { value: key };
  for (const other of map.keys()) if (sameValue(other, key)) return { value: other };
  return undefined;
}

function step(part: Part, segment: PathSegment): Part {
  const within = part?.value;
  if (typeof segment === "string") {
    return isRecord(within) && Object.hasOwn(within, segment) ? { value: within[segment] } : undefined;
  }
  if (typeof segment === "object" && !("by" in segment)) {
    const key = within instanceof Map ? keyIn(within, segment.key) : undefined;
    return key && { value: (within as Map<unknown, unknown>).get(key.value) };
  }
  if (!Array.isArray(within)) return undefined;
  const at = typeof segment === "number" ? segment : placeOf(within, segment.by, segment.key);
  return Object.hasOwn(within, at) ? { value: within[at] } : undefined;
}

function canHave(within: unknown, segment: PathSegment): boolean {
  if (typeof segment === "string") return isRecord(within) && !(within instanceof Map);
  return typeof segment === "object" && !("by" in segment) ? within instanceof Map : Array.isArray(within);
}

/** What a document has at the end of a path. */
export function partAt(document: Part, path: Path): Part {
  return path.reduce<Part>(step, document);
}

/**
 * The document with another part at the end of a path, or without it. What was given stays as it is, and so does every
 * part that the path does not lead through: those are shared. `like` is a document that has the part, and tells at which
 * place an element comes into a list that lacks it. A path through something that can have no such part changes nothing.
 */
export function withPart(document: Part, path: Path, part: Part, like?: Part): Part {
  const [segment, ...rest] = path;
  if (segment === undefined) return part;
  if (document !== undefined && !canHave(document.value, segment)) return document;
  const before = step(document, segment);
  const after = withPart(before, rest, part, step(like, segment));
  if (after === undefined) return before === undefined ? document : { value: without(document, segment) };
  if (before !== undefined && Object.is(before.value, after.value)) return document;
  return { value: replaced(document?.value, segment, after.value, like?.value) };
}

function replaced(within: unknown, segment: PathSegment, value: unknown, like: unknown): unknown {
  if (typeof segment === "string") {
    // A computed name makes a field of its own, also of `__proto__`.
    return { ...(within as object | undefined), [segment]: value };
  }
  if (typeof segment === "object" && !("by" in segment)) {
    const map = new Map(within as Map<unknown, unknown> | undefined);
    const key = keyIn(map, segment.key) ?? { value: segment.key };
    return map.set(key.value, value);
  }
  const list = [...((within as unknown[] | undefined) ?? [])];
  if (typeof segment === "number") list.splice(segment, 1, value);
  else {
    const at = placeOf(list, segment.by, segment.key);
    if (at < 0) list.splice(placeFor(list, segment, like), 0, value);
    else list[at] = value;
  }
  return list;
}

/** Behind the nearest element before it that both lists have. */
function placeFor(
  list: readonly unknown[],
  { by, key }: { by: string; key: unknown },
  like: unknown,
): number {
  if (!Array.isArray(like)) return list.length;
  const at = placeOf(like, by, key);
  if (at < 0) return list.length;
  for (const item of like.slice(0, at).reverse()) {
    const before = isRecord(item) && Object.hasOwn(item, by) ? placeOf(list, by, item[by]) : -1;
    if (before >= 0) return before + 1;
  }
  return 0;
}

/** Only called for what is there. */
function without(document: Part, segment: PathSegment): unknown {
  const within = document?.value;
  if (typeof segment === "string") {
    const { [segment]: _, ...others } = within as Record<string, unknown>;
    return others;
  }
  if (typeof segment === "object" && !("by" in segment)) {
    const map = new Map(within as Map<unknown, unknown>);
    map.delete(keyIn(map, segment.key)?.value);
    return map;
  }
  const list = within as unknown[];
  const at = typeof segment === "number" ? segment : placeOf(list, segment.by, segment.key);
  return list.filter((_, index) => index !== at);
}
