/**
 * The new value with every part that equals the old one replaced by it, so that what did not change keeps
 * its identity. Plain objects and lists are walked; anything else is equal only if it is the same.
 */
export function share<Value>(old: unknown, value: Value): Value {
  return shareAny(old, value) as Value;
}

function shareAny(old: unknown, value: unknown): unknown {
  if (Object.is(old, value)) return old;
  if (Array.isArray(old) && Array.isArray(value)) return shareList(old, value);
  if (isPlain(old) && isPlain(value)) return shareFields(old, value);
  return value;
}

function shareList(old: unknown[], value: unknown[]): unknown[] {
  const shared = value.map((item, index) => shareAny(old[index], item));
  return old.length === shared.length && shared.every((item, index) => item === old[index]) ? old : shared;
}

function shareFields(old: Record<string, unknown>, value: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(value);
  // Entries, not assignment: a field may be called `__proto__`.
  const shared = Object.fromEntries(
    names.map((name) => [name, Object.hasOwn(old, name) ? shareAny(old[name], value[name]) : value[name]]),
  );
  const isSame =
    names.length === Object.keys(old).length &&
    names.every((name) => Object.hasOwn(old, name) && Object.is(shared[name], old[name]));
  return isSame ? old : shared;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
