// One text for one value: arguments of queries become keys, so equal arguments must be written alike,
// whatever the order of their fields, and different ones must not.

type Bytes = ArrayBuffer | ArrayBufferView;

/** The token under which the engine knows a query with these arguments. */
export function queryToken(name: string, args: unknown): string {
  return `${name}:${encodeValue(args ?? {})}`;
}

/** Whether two values are the same, seen from the inside. */
export function sameValue(a: unknown, b: unknown): boolean {
  return (
    Object.is(a, b) || (typeof a === "object" && typeof b === "object" && encodeValue(a) === encodeValue(b))
  );
}

/** A text that is the same for equal values only. */
export function encodeValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    case "object":
      return value === null ? "null" : encodeObject(value);
    default:
      return String(value);
  }
}

function encodeObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(encodeValue).join()}]`;
  if (value instanceof Date) return `Date(${encodeValue(value.getTime())})`;
  if (value instanceof Map || value instanceof Set) {
    return `${value.constructor.name}(${[...value].map(encodeValue).join()})`;
  }
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return encodeBytes(value);
  const fields = value as Record<string, unknown>;
  // A field that holds undefined is as good as absent: that is how arguments are left out.
  const names = Object.keys(fields).filter((name) => fields[name] !== undefined);
  return `{${names
    .sort()
    .map((name) => `${JSON.stringify(name)}:${encodeValue(fields[name])}`)
    .join()}}`;
}

function encodeBytes(value: Bytes): string {
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
  return `${value.constructor.name}(${bytes.join()})`;
}
