/** What the store can keep of a value, as it is now; undefined if it cannot. */
export function storable(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return undefined;
  }
}
