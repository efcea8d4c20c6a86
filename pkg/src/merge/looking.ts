import { isBytes, isGone, sameBytes } from "./bytes.js";
import { isRecord, isScalar, type PlainRecord } from "./kind.js";
import type { Path, PathSegment } from "./types.js";

/** How much a merge may look at. */
export interface MergeLimits {
  /** Objects, lists and the like, each time one is looked at. Default: 2,000,000. */
  readonly mergeNodesMax?: number;
  /** Levels below the document, at most 1,000. Default: 200. */
  readonly mergeDepthMax?: number;
}

const NODES_MAX = 2_000_000;
const DEPTH_MAX = 200;

/** Thrown where more would have to be looked at than is allowed. */
export const TOO_LARGE = Symbol("too large");

/** Where a document holds what no document can hold. */
export interface Culprit {
  readonly path: Path;
  readonly what: string;
}

/** Looks at values, and counts what it looked at. */
export class Looking {
  readonly #depthMax: number;
  #left: number;

  constructor({ mergeNodesMax = NODES_MAX, mergeDepthMax = DEPTH_MAX }: MergeLimits) {
    this.#left = mergeNodesMax;
    this.#depthMax = mergeDepthMax;
  }

  spend(depth: number): void {
    this.#left -= 1;
    if (this.#left < 0 || depth > this.#depthMax) throw TOO_LARGE;
  }

  /**
   * Whether two values cannot be told apart: as `Object.is` through the whole of them. The order of a Map and of a Set
   * counts, that of the fields of an object does not.
   */
  same(one: unknown, other: unknown, depth: number): boolean {
    if (one === other) return one !== 0 || Object.is(one, other);
    if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) {
      // NaN.
      return Object.is(one, other);
    }
    this.spend(depth);
    const prototype: unknown = Object.getPrototypeOf(one);
    if (prototype === Object.prototype && Object.getPrototypeOf(other) === prototype) {
      return this.#sameFields(one as PlainRecord, other as PlainRecord, depth);
    }
    if (Array.isArray(one)) return Array.isArray(other) && this.#sameItems(one, other, depth);
    if (isRecord(one)) return isRecord(other) && this.#sameFields(one, other, depth);
    if (prototype !== Object.getPrototypeOf(other)) return false;
    if (one instanceof Date) return Object.is(one.getTime(), (other as Date).getTime());
    if (one instanceof Map) return this.#sameItems([...one].flat(), [...(other as typeof one)].flat(), depth);
    if (one instanceof Set) return this.#sameItems([...one], [...(other as typeof one)], depth);
    return isBytes(one) && sameBytes(one, other as typeof one);
  }

  #sameItems(one: readonly unknown[], other: readonly unknown[], depth: number): boolean {
    if (one.length !== other.length) return false;
    for (let at = 0; at < one.length; at += 1) {
      if (!this.same(one[at], other[at], depth + 1)) return false;
    }
    return true;
  }

  /** Most of a merge is spent here; to walk over names is a third faster than to list them. */
  #sameFields(one: PlainRecord, other: PlainRecord, depth: number): boolean {
    let surplus = 0;
    for (const name in one) {
      if (!Object.hasOwn(one, name)) continue;
      surplus += 1;
      const [here, there] = [one[name], other[name]];
      if (here === there && here !== 0 && here !== undefined) continue;
      if (!Object.hasOwn(other, name) || !this.same(here, there, depth + 1)) return false;
    }
    for (const name in other) if (Object.hasOwn(other, name)) surplus -= 1;
    return surplus === 0;
  }

  /** The first thing in a value that cannot be merged, if there is one. */
  culprit(value: unknown, depth: number): Culprit | undefined {
    if (typeof value === "function" || typeof value === "symbol")
      return { path: [], what: `a ${typeof value}` };
    if (typeof value !== "object" || value === null) return undefined;
    if (isBytes(value)) return isGone(value) ? { path: [], what: "bytes that were given away" } : undefined;
    this.spend(depth);
    for (const [segment, part] of partsOf(value)) {
      const found = this.culprit(part, depth + 1);
      if (found) return { ...found, path: [segment, ...found.path] };
    }
    return undefined;
  }
}

/** The parts of a value that has some. */
export function* partsOf(value: unknown): Generator<readonly [PathSegment, unknown]> {
  if (Array.isArray(value)) yield* value.entries();
  else if (value instanceof Map) yield* entriesOf(value);
  else if (value instanceof Set)
    for (const [at, part] of [...value].entries()) yield [placeOf(part, at), part];
  else if (isRecord(value)) yield* Object.entries(value);
}

/** The entries of a Map, and those of its keys that have parts. */
function* entriesOf(map: ReadonlyMap<unknown, unknown>): Generator<readonly [PathSegment, unknown]> {
  for (const [at, [key, part]] of [...map].entries()) {
    if (!isScalar(key)) yield [at, key];
    yield [placeOf(key, at), part];
  }
}

/** By its key; who has none that can be told is told by its place. */
function placeOf(key: unknown, at: number): PathSegment {
  return isScalar(key) ? { key } : at;
}
