/**
 * The property of something that was thrown; undefined of what has none. Anything can be thrown: a getter or a
 * proxy that throws in turn is taken for a property that is not there.
 */
export function read(value: unknown, key: string | symbol): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    return (value as Record<string | symbol, unknown>)[key];
  } catch {
    return undefined;
  }
}
