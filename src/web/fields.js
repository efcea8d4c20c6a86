// Fields of objects that somebody else made, read in one crossing of the boundary. A getter or a proxy may throw.

/** The field, if it is a text of so many UTF-16 units at most. */
export function textIn(object, key, most) {
  try {
    const value = object[key];
    return typeof value === "string" && value.length <= most ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The field, if it is a number. */
export function numberIn(object, key) {
  try {
    const value = object[key];
    return typeof value === "number" ? value : Number.NaN;
  } catch {
    return Number.NaN;
  }
}
