import type { Sides } from "../merge/types.js";

/** What sort of value a part is, as far as a person can write one. `json`: whatever has a text of its own. */
export type ValueKind = "text" | "number" | "bigint" | "boolean" | "date" | "json";

export function kindOf(value: unknown): ValueKind {
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
    case "bigint":
    case "boolean":
      return typeof value as ValueKind;
    default:
      return value instanceof Date && !Number.isNaN(value.getTime()) ? "date" : "json";
  }
}

/** The value whose sort a new one has to be of: this person's, or what there is of it. */
export function modelOf(sides: Sides): unknown {
  const values = (["local", "server", "base"] as const).filter((side) => Object.hasOwn(sides, side));
  const side = values.find((name) => sides[name] !== null && sides[name] !== undefined) ?? values[0];
  return side && sides[side];
}
