// The canonical encoding of values, of which the audit trail has the SHA-256: one value has one, and no two values have
// the same. The table in ARCHITECTURE.md says what each byte is; `tests/canonical-cases.json` has examples. It is not for
// reading back.

import { TabweaveError } from "../errors/error.js";

/** How deep lists, maps, sets and objects may stand in each other. */
const DEPTH_MAX = 500;
/** How long an encoding may be. */
const BYTES_MAX = 32 * 2 ** 20;
/** The engine takes an encoding in pieces of at most this. */
const CHUNK_BYTES_MAX = 16_384;
const CHUNK_BYTES_FIRST = 256;

/** Each at the place that is its number in the encoding. */
const VIEWS = [
  ...["DataView", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array"],
  ...["Uint32Array", "BigInt64Array", "BigUint64Array", "Float16Array", "Float32Array", "Float64Array"],
];

/**
 * The canonical encoding of a value.
 *
 * @throws TabweaveError `audit_value_unfit`: it holds what has none, such as a function or a `Blob`, or itself, or it is
 * nested too deep, or its encoding would be longer than 32 MiB
 */
export function canonical(value: unknown): Uint8Array {
  const chunks = canonicalChunks(value);
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/**
 * The same in pieces, to be fed to the engine one by one. Pieces may be views of bytes that the value holds.
 *
 * @throws TabweaveError `audit_value_unfit`, as `canonical` does
 */
export function canonicalChunks(value: unknown): Uint8Array[] {
  const encoding = new Encoding();
  try {
    encoding.value(value);
    return encoding.end();
  } catch (cause) {
    if (cause instanceof TabweaveError) throw cause;
    // A getter of it threw, or it only looks like what it says it is.
    throw new TabweaveError("audit_value_unfit", { cause });
  }
}

class Encoding {
  readonly #chunks: Uint8Array[] = [];
  #chunk = new Uint8Array(CHUNK_BYTES_FIRST);
  #view = new DataView(this.#chunk.buffer);
  #at = 0;
  /** What the pieces before this one take. */
  #before = 0;
  #depth = 0;

  value(value: unknown): void {
    if (value === undefined) this.#byte(1);
    else if (value === null) this.#byte(2);
    else if (typeof value === "boolean") this.#byte(value ? 4 : 3);
    else if (typeof value === "number") this.#number(5, value);
    else if (typeof value === "bigint") this.#bigint(value);
    else if (typeof value === "string") {
      this.#byte(8);
      this.#text(value);
    } else if (typeof value === "object") this.#object(value);
    else throw unfit(`A ${typeof value}`);
  }

  /** All pieces; nothing may be added then. */
  end(): Uint8Array[] {
    this.#finishChunk();
    return this.#chunks;
  }

  #object(value: object): void {
    if (value instanceof Date) {
      this.#number(9, Date.prototype.getTime.call(value));
    } else if (value instanceof ArrayBuffer) {
      this.#byte(0x0a);
      this.#raw(new Uint8Array(value));
    } else if (ArrayBuffer.isView(value)) {
      this.#byte(0x0b);
      this.#byte(kindOfView(value));
      this.#raw(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    } else {
      this.#depth += 1;
      if (this.#depth > DEPTH_MAX) {
        throw unfit(`What is nested more than ${DEPTH_MAX} deep, or holds itself,`);
      }
      this.#container(value);
      this.#depth -= 1;
    }
  }

  #container(value: object): void {
    const parts: unknown[] = [];
    if (Array.isArray(value)) {
      this.#list(value);
    } else if (value instanceof Map) {
      Map.prototype.forEach.call(value, (part, key) => parts.push(key, part));
      this.#items(0x0e, parts, parts.length / 2);
    } else if (value instanceof Set) {
      Set.prototype.forEach.call(value, (item) => parts.push(item));
      this.#items(0x0f, parts);
    } else {
      const kind = Object.prototype.toString.call(value).slice("[object ".length, -1);
      if (kind !== "Object") throw unfit(`A ${kind}`);
      this.#byte(0x10);
      this.#fields(value, Object.keys(value));
    }
  }

  #list(list: readonly unknown[]): void {
    const names = Object.keys(list);
    // Names that are places come first and in order: if the last one fits, so do all before it.
    if (names.length === list.length && (names.at(-1) ?? "-1") === String(list.length - 1)) {
      this.#items(0x0c, list);
    } else {
      this.#byte(0x0d);
      this.#count(list.length);
      this.#fields(list, names);
    }
  }

  #items(tag: number, items: readonly unknown[], count = items.length): void {
    this.#byte(tag);
    this.#count(count);
    for (let at = 0; at < items.length; at += 1) this.value(items[at]);
  }

  /** `sort` compares code units. The names are own fields, so `__proto__` is one like any other. */
  #fields(of: object, names: string[]): void {
    this.#count(names.length);
    for (const name of names.sort()) {
      this.#text(name);
      this.value((of as Record<string, unknown>)[name]);
    }
  }

  #number(tag: number, number: number): void {
    this.#byte(tag);
    this.#makeRoom(8);
    // Of the many ways to write that it is no number, one.
    if (Number.isNaN(number)) this.#view.setBigUint64(this.#at, 0x7ff8000000000000n);
    else this.#view.setFloat64(this.#at, number);
    this.#at += 8;
  }

  #bigint(number: bigint): void {
    this.#byte(number < 0n ? 7 : 6);
    const digits = number === 0n ? "" : (number < 0n ? -number : number).toString(16);
    const even = digits.length % 2 === 0 ? digits : `0${digits}`;
    this.#countBytes(even.length / 2, even.length / 2);
    for (let at = 0; at < even.length; at += 2) this.#byte(Number.parseInt(even.slice(at, at + 2), 16));
  }

  #text(text: string): void {
    this.#countBytes(text.length, 2 * text.length);
    let at = 0;
    while (at < text.length) {
      this.#makeRoom(2);
      const end = Math.min(text.length, at + ((this.#chunk.length - this.#at) >> 1));
      for (; at < end; at += 1, this.#at += 2) this.#view.setUint16(this.#at, text.charCodeAt(at));
    }
  }

  #raw(bytes: Uint8Array): void {
    this.#countBytes(bytes.length, bytes.length);
    if (bytes.length <= this.#chunk.length - this.#at) {
      this.#chunk.set(bytes, this.#at);
      this.#at += bytes.length;
      return;
    }
    this.#finishChunk();
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES_MAX) {
      this.#push(bytes.subarray(at, at + CHUNK_BYTES_MAX));
    }
  }

  #byte(byte: number): void {
    this.#makeRoom(1);
    this.#chunk[this.#at] = byte;
    this.#at += 1;
  }

  #count(count: number): void {
    this.#makeRoom(4);
    this.#view.setUint32(this.#at, count);
    this.#at += 4;
  }

  /** How much comes next, which may be too much before anything is done with it. */
  #countBytes(count: number, bytes: number): void {
    this.#limit(this.#before + this.#at + bytes);
    this.#count(count);
  }

  #limit(bytes: number): void {
    if (bytes > BYTES_MAX) throw unfit(`What takes more than ${BYTES_MAX} bytes`);
  }

  #makeRoom(bytes: number): void {
    if (this.#at + bytes <= this.#chunk.length) return;
    this.#finishChunk();
    this.#chunk = new Uint8Array(
      Math.min(Math.max(2 * this.#chunk.length, CHUNK_BYTES_FIRST), CHUNK_BYTES_MAX),
    );
    this.#view = new DataView(this.#chunk.buffer);
  }

  /** What is left of the piece is the next one. */
  #finishChunk(): void {
    this.#push(this.#chunk.subarray(0, this.#at));
    this.#chunk = this.#chunk.subarray(this.#at);
    this.#view = new DataView(this.#chunk.buffer, this.#chunk.byteOffset);
    this.#at = 0;
  }

  #push(chunk: Uint8Array): void {
    this.#before += chunk.length;
    this.#limit(this.#before);
    if (chunk.length > 0) this.#chunks.push(chunk);
  }
}

function kindOfView(value: ArrayBufferView): number {
  // The browser's own name, which a field of the view cannot hide; a DataView has none.
  const { get } = Object.getOwnPropertyDescriptor(
    Object.getPrototypeOf(Uint8Array.prototype),
    Symbol.toStringTag,
  ) as { get: () => string | undefined };
  const kind = get.call(value) ?? "DataView";
  const number = VIEWS.indexOf(kind);
  if (number < 0) throw unfit(`A ${kind}`);
  return number;
}

function unfit(what: string): TabweaveError {
  return new TabweaveError("audit_value_unfit", { detail: `${what} has no place in the audit trail.` });
}
