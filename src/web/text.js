// What of a value survives as JSON.

/** The value as JSON, if it reads the same afterwards and is no longer than that. */
export function jsonOf(value, lengthMax) {
  try {
    const json = survives(value) ? JSON.stringify(value) : "";
    return json.length > 0 && json.length <= lengthMax ? json : undefined;
  } catch {
    // It is cyclic, or a getter of it threw.
    return undefined;
  }
}

function survives(value) {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object") return false;
  const items = Object.values(value);
  // A list with holes, or with more than its items, is not the same afterwards.
  const isPlain = Array.isArray(value)
    ? items.length === value.length && items.every((_, at) => at in value)
    : [Object.prototype, null].includes(Object.getPrototypeOf(value));
  return isPlain && items.every(survives);
}
