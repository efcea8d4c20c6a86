import { isBytes, isGone } from "./bytes.js";
import { isRecord } from "./kind.js";
import { type Culprit, partsOf } from "./looking.js";
import type { PathSegment } from "./types.js";

/** At how many parts is looked. */
const PARTS_MAX = 2_000_000;

/** A value that is being looked through, and what of it was not looked at. */
interface Level {
  readonly value: unknown;
  readonly segment: PathSegment;
  readonly parts: Iterator<readonly [PathSegment, () => unknown]>;
}

/**
 * Where a value holds itself, or something that throws when it is read. Looks as deep as the value goes, so it is for
 * values that were found to be wrong somewhere.
 */
export function faultIn(whole: unknown): Culprit | undefined {
  const around = new Set<unknown>([whole]);
  const levels: Level[] = [{ value: whole, segment: "", parts: partsIn(whole) }];
  const path = () => levels.slice(1).map((level) => level.segment);
  for (let left = PARTS_MAX; left > 0; left -= 1) {
    const level = levels.at(-1);
    if (level === undefined) return undefined;
    let segment: PathSegment | undefined;
    try {
      const next = level.parts.next();
      if (next.done) {
        around.delete(level.value);
        levels.pop();
        continue;
      }
      segment = next.value[0];
      const value = next.value[1]();
      if (around.has(value)) return { path: [...path(), segment], what: "itself" };
      if (typeof value !== "object" || value === null) continue;
      around.add(value);
      levels.push({ value, segment, parts: partsIn(value) });
    } catch {
      return { path: segment === undefined ? path() : [...path(), segment], what: "what cannot be read" };
    }
  }
  return undefined;
}

/** The parts of a value, each read when it is asked for. */
function* partsIn(value: unknown): Generator<readonly [PathSegment, () => unknown]> {
  if (Array.isArray(value)) for (const at of value.keys()) yield [at, () => value[at]];
  else if (isRecord(value)) for (const name of Object.keys(value)) yield [name, () => value[name]];
  else if (isBytes(value) && isGone(value)) throw new TypeError("these bytes were given away");
  else for (const [segment, part] of partsOf(value)) yield [segment, () => part];
}
