/** Stands for a part that a side does not have, which is something else than one that is undefined there. */
export const MISSING: unique symbol = Symbol("missing");

/** The field of an object if it is its own, else MISSING. */
export function fieldOf(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : MISSING;
}

/** Sets a field whatever its name: `__proto__` is one like any other. */
export function setField(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") record[name] = value;
  else Object.defineProperty(record, name, { value, configurable: true, enumerable: true, writable: true });
}
