import { IN_DEVELOPMENT } from "../development.js";
import { TabweaveError } from "../errors/error.js";
import { freezePlain } from "../overlay.js";

/** A copy that nobody else can change, made as the store and other tabs make theirs. */
export function cloned<Value>(value: Value, path: string): Value {
  let copy: Value;
  try {
    copy = structuredClone(value);
  } catch (cause) {
    const detail = `${culprit(value, path)} cannot be stored.`;
    throw new TabweaveError("args_not_cloneable", { detail, cause });
  }
  if (IN_DEVELOPMENT) freezePlain(copy);
  return copy;
}

/** The path of the innermost part that cannot be cloned. */
function culprit(value: unknown, path: string): string {
  if (typeof value !== "object" || value === null) return path;
  for (const [name, part] of Object.entries(value)) {
    try {
      structuredClone(part);
    } catch {
      return culprit(part, Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`);
    }
  }
  return path;
}
