export type Bytes = ArrayBuffer | ArrayBufferView;

export function isBytes(value: unknown): value is Bytes {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

/** Whether the bytes were given to somebody else, as `structuredClone` and `postMessage` can do. */
export function isGone(bytes: Bytes): boolean {
  if (bytes.byteLength > 0) return false;
  try {
    seen(bytes);
    return false;
  } catch {
    return true;
  }
}

/** Whether two of the same class hold the same. */
export function sameBytes(one: Bytes, other: Bytes): boolean {
  const [some, others] = [seen(one), seen(other)];
  return some.length === others.length && some.every((byte, at) => byte === others[at]);
}

function seen(bytes: Bytes): Uint8Array {
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}
