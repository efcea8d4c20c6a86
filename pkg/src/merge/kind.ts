import { MISSING } from "./missing.js";

/** What a value is, as far as a merge needs to know. The numbers are the engine's. */
export const Kind = {
  Removed: 0,
  Other: 1,
  Text: 2,
  Number: 3,
  Date: 4,
  List: 5,
  Map: 6,
  Set: 7,
  Record: 8,
} as const;

export type Kind = (typeof Kind)[keyof typeof Kind];

export type PlainRecord = Readonly<Record<string, unknown>>;

export function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case "string":
      return Kind.Text;
    case "number":
    case "bigint":
      return Kind.Number;
    case "object":
      return value === null ? Kind.Other : kindOfObject(value);
    default:
      return value === MISSING ? Kind.Removed : Kind.Other;
  }
}

function kindOfObject(value: object): Kind {
  if (Array.isArray(value)) return Kind.List;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return Kind.Record;
  if (value instanceof Date) return Kind.Date;
  if (value instanceof Map) return Kind.Map;
  if (value instanceof Set) return Kind.Set;
  // An object of another page's realm.
  return Object.getPrototypeOf(prototype) === null ? Kind.Record : Kind.Other;
}

/** What two values are that both sides made of one. */
export function sharedKind(local: unknown, server: unknown): Kind {
  const kind = kindOf(local);
  if (kind === Kind.Removed || server === MISSING) return Kind.Removed;
  return kind === kindOf(server) ? kind : Kind.Other;
}

export function isRecord(value: unknown): value is PlainRecord {
  return kindOf(value) === Kind.Record;
}

/** Whether a value has no parts, so that equal ones cannot be told apart. */
export function isScalar(value: unknown): boolean {
  return (
    value === null || (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol")
  );
}
