import type { Path, PathSegment } from "../merge/types.js";
import { canonical } from "./canonical.js";

/** A part of a document. Without the property: there is none. */
export interface Part {
  readonly value?: unknown;
}

/**
 * The document with something else at this place, or without it; what is around it is copied, the rest stays the same.
 * Undefined: there is no such place. A new field, key or element of a list comes last.
 */
export function placed(part: Part, path: Path, result: Part): Part | undefined {
  const [segment, ...rest] = path;
  if (segment === undefined) return result;
  const around = aroundOf(part, segment);
  const inner = around && placed(around.part, rest, result);
  return inner && { value: around.with(inner) };
}

/** What is at a place, and how to make what is around it with something else there. */
interface Around {
  readonly part: Part;
  with(part: Part): unknown;
}

function aroundOf({ value }: Part, segment: PathSegment): Around | undefined {
  if (Array.isArray(value)) return typeof segment === "string" ? undefined : aroundItem(value, segment);
  if (value instanceof Map) {
    return typeof segment === "object" && !("by" in segment) ? aroundKey(value, segment.key) : undefined;
  }
  const isObject = Object.prototype.toString.call(value) === "[object Object]";
  return isObject && typeof segment === "string" ? aroundField(value as object, segment) : undefined;
}

function aroundField(object: object, name: string): Around {
  const part = Object.hasOwn(object, name) ? { value: (object as Record<string, unknown>)[name] } : {};
  return {
    part,
    with: (part) => {
      // Spreading copies a field called `__proto__` as the field that it is, and so does defining it.
      const copy: Record<string, unknown> = { ...object };
      if (!("value" in part)) delete copy[name];
      else Object.defineProperty(copy, name, { ...PLAIN, value: part.value });
      return copy;
    },
  };
}

const PLAIN = { writable: true, enumerable: true, configurable: true };

function aroundItem(list: readonly unknown[], segment: number | object): Around | undefined {
  const found = typeof segment === "number" ? segment : list.findIndex((item) => isMeant(item, segment));
  const at = found === -1 && typeof segment === "object" ? list.length : found;
  if (!Number.isInteger(at) || at < 0 || at > list.length) return undefined;
  return {
    part: at < list.length ? { value: list[at] } : {},
    with: (part) => {
      const copy = list.slice();
      copy.splice(at, 1, ...("value" in part ? [part.value] : []));
      return copy;
    },
  };
}

/** Whether an element is the one with this key. */
function isMeant(item: unknown, segment: object): boolean {
  const { by, key } = segment as { readonly by?: string; readonly key: unknown };
  if (by === undefined || typeof item !== "object" || item === null || !Object.hasOwn(item, by)) return false;
  return isSame((item as Record<string, unknown>)[by], key);
}

function aroundKey(map: ReadonlyMap<unknown, unknown>, wanted: unknown): Around {
  const key = map.has(wanted) ? wanted : ([...map.keys()].find((key) => isSame(key, wanted)) ?? wanted);
  return {
    part: map.has(key) ? { value: map.get(key) } : {},
    with: (part) => {
      const copy = new Map(map);
      if ("value" in part) copy.set(key, part.value);
      else copy.delete(key);
      return copy;
    },
  };
}

/** Whether two keys are the same value: keys of a Map may be objects. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object") return Object.is(one, other);
  const [first, second] = [canonical(one), canonical(other)];
  return first.length === second.length && first.every((byte, at) => byte === second[at]);
}
