import type { TabweaveErrorCode } from "../errors/codes.js";
import { isTabweaveError, TabweaveError } from "../errors/error.js";
import { isBytes } from "../merge/bytes.js";
import { freezePlain } from "../overlay.js";

/** How large a value may be: one byte for each character, the bytes of buffers, 8 for anything else. */
const PAYLOAD_BYTES_MAX = 10_000_000;
/** How much of a path is told. */
const PATH_LENGTH_MAX = 200;

/** A copy that nobody else can change, made as the store and other tabs make theirs. */
export function cloned<Value>(value: Value, path: string): Value {
  let copy: Value;
  try {
    new Walk(path).visit({ value, key: path });
    copy = structuredClone(value);
  } catch (cause) {
    if (isTabweaveError(cause)) throw cause;
    throw culprit(value, path, cause);
  }
  freezePlain(copy);
  return copy;
}

/** A part of a value, with the parts around it. */
interface Part {
  readonly value: unknown;
  readonly key: string;
  readonly around?: Part;
}

/** Looks for what cannot be stored, before anything is copied. */
class Walk {
  #bytes = 0;

  constructor(
    private readonly root: string,
    /** Why the whole was refused: then every part is tried by itself. */
    private readonly cause?: unknown,
  ) {}

  visit(part: Part): void {
    const { value } = part;
    const bytes = isBytes(value) ? value.byteLength : value instanceof Blob ? value.size : 8;
    this.#bytes += typeof value === "string" ? value.length : bytes;
    if (this.#bytes > PAYLOAD_BYTES_MAX) {
      throw refusal("payload_too_large", this.root, `is larger than ${PAYLOAD_BYTES_MAX} bytes`);
    }
    const isObject = typeof value === "object" && value !== null && !isBytes(value);
    if (isObject) this.#visitParts(part, value);
    if (
      typeof value === "function" ||
      typeof value === "symbol" ||
      (this.cause !== undefined && !isClonable(value))
    ) {
      throw refusal("args_not_cloneable", pathOf(part), "cannot be stored", this.cause);
    }
  }

  #visitParts(part: Part, value: object): void {
    for (let around = part.around; around; around = around.around) {
      if (around.value === value) {
        throw refusal("args_not_cloneable", pathOf(part), "holds itself and cannot be stored");
      }
    }
    const parts = value instanceof Map || value instanceof Set ? [...value] : value;
    for (const key of Object.keys(parts)) {
      const step = Array.isArray(parts) ? `[${key}]` : `.${key}`;
      this.visit({ value: (parts as Record<string, unknown>)[key], key: step, around: part });
    }
  }
}

function isClonable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

function pathOf({ key, around }: Part): string {
  return around === undefined ? key : pathOf(around) + key;
}

/** Why a value cannot be cloned that the walk found nothing in: the innermost part that is refused. */
function culprit(value: unknown, path: string, cause: unknown): TabweaveError {
  try {
    new Walk(path, cause).visit({ value, key: path });
  } catch (error) {
    // Anything else was thrown by a getter, or there is no end to the nesting.
    if (isTabweaveError(error)) return error;
  }
  return refusal("args_not_cloneable", path, "cannot be stored", cause);
}

function refusal(code: TabweaveErrorCode, path: string, why: string, cause?: unknown): TabweaveError {
  return new TabweaveError(code, { detail: `${path.slice(0, PATH_LENGTH_MAX)} ${why}.`, cause });
}
