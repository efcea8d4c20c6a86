import { IN_DEVELOPMENT } from "../development.js";
import type { TabweaveErrorCode } from "../errors/codes.js";
import { isTabweaveError, TabweaveError } from "../errors/error.js";
import { freezePlain } from "../overlay.js";

/** How large a value may be: one byte for each character, the bytes of buffers, 8 for anything else. */
const PAYLOAD_BYTES_MAX = 10_000_000;
const NODE_BYTES = 8;
/** How much of a path is told. */
const PATH_LENGTH_MAX = 200;

/** A copy that nobody else can change, made as the store and other tabs make theirs. */
export function cloned<Value>(value: Value, path: string): Value {
  const walk = new Walk(path);
  let copy: Value;
  try {
    walk.visit(value);
    copy = structuredClone(value);
  } catch (cause) {
    if (isTabweaveError(cause)) throw cause;
    // The clone refused what the walk took for an object, or a getter threw during the walk.
    throw refusal("args_not_cloneable", culprit(value, path), "cannot be stored", cause);
  }
  if (IN_DEVELOPMENT) freezePlain(copy);
  return copy;
}

/** Looks for what must not be stored before anything is copied. */
class Walk {
  #bytes = 0;
  readonly #keys: Array<string | number> = [];
  readonly #above = new Set<object>();

  constructor(private readonly root: string) {}

  visit(value: unknown): void {
    this.#bytes += sizeOf(value);
    if (this.#bytes > PAYLOAD_BYTES_MAX) {
      throw refusal("payload_too_large", this.root, `takes more than ${PAYLOAD_BYTES_MAX} bytes`);
    }
    if (typeof value === "function" || typeof value === "symbol") this.#refuse("cannot be stored");
    if (typeof value !== "object" || value === null || isBytes(value)) return;
    if (this.#above.has(value)) this.#refuse("is cyclic and cannot be stored");
    this.#above.add(value);
    for (const [key, part] of partsOf(value)) {
      this.#keys.push(key);
      this.visit(part);
      this.#keys.pop();
    }
    this.#above.delete(value);
  }

  #refuse(why: string): never {
    throw refusal("args_not_cloneable", this.#keys.reduce(step, this.root), why);
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (isBytes(value)) return value.byteLength;
  return value instanceof Blob ? value.size : NODE_BYTES;
}

function isBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

/** What a value is made of, by the step of the path that leads there. */
function* partsOf(value: object): Generator<readonly [string | number, unknown]> {
  if (value instanceof Map || value instanceof Set) {
    let at = 0;
    for (const part of value) yield [at++, part];
    return;
  }
  const isList = Array.isArray(value);
  for (const key of Object.keys(value)) {
    yield [isList ? Number(key) : key, (value as Record<string, unknown>)[key]];
  }
}

function step(path: string, key: string | number): string {
  return typeof key === "number" ? `${path}[${key}]` : `${path}.${key}`;
}

/** The path of the innermost part that cannot be cloned. */
function culprit(value: unknown, path: string): string {
  if (typeof value !== "object" || value === null) return path;
  for (const key of Object.keys(value)) {
    try {
      structuredClone((value as Record<string, unknown>)[key]);
    } catch {
      const below = step(path, Array.isArray(value) ? Number(key) : key);
      const part = Object.getOwnPropertyDescriptor(value, key)?.value;
      return path.length > PATH_LENGTH_MAX ? below : culprit(part, below);
    }
  }
  return path;
}

function refusal(code: TabweaveErrorCode, path: string, why: string, cause?: unknown): TabweaveError {
  return new TabweaveError(code, { detail: `${path.slice(0, PATH_LENGTH_MAX)} ${why}.`, cause });
}
