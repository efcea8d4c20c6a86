// Values as text, for where only texts are kept. JSON, in which what it does not know is an object with one field,
// `$`, that holds the name of a kind and the parts: `{"$":["BigInt","7"]}`.

/** The one field of a tag; a plain object that has a field of this name is tagged itself. */
const TAG = "$";

const VIEWS = [
  ...["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array"],
  ...["Uint32Array", "BigInt64Array", "BigUint64Array", "Float16Array", "Float32Array", "Float64Array"],
  "DataView",
];

/** How many bytes are made text at once: all of them would be too many arguments. */
const BYTES_AT_ONCE = 8_192;

type Json = null | boolean | number | string | readonly Json[] | { readonly [field: string]: Json };

/**
 * The text of a value that was cloned before, so it holds no cycle and no function. An object that stands in two
 * places comes back as two.
 *
 * @throws TypeError if it holds what no text is kept of, such as a `Blob`
 */
export function encode(value: unknown): string {
  return JSON.stringify(toJson(value));
}

/** The value of a text, which may be anybody's; undefined if it is none that `encode` makes. */
export function decode(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: fromJson(JSON.parse(text) as Json) };
  } catch {
    return undefined;
  }
}

function toJson(value: unknown): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? value : tagged("Number", numberText(value));
    case "bigint":
      return tagged("BigInt", String(value));
    case "undefined":
      return tagged("undefined");
    case "object":
      return value === null ? null : objectToJson(value);
    default:
      throw new TypeError(`a ${typeof value} cannot be kept as text`);
  }
}

function objectToJson(value: object): Json {
  if (Array.isArray(value)) return arrayToJson(value);
  if (value instanceof Date) {
    const ms = value.getTime();
    return tagged("Date", Number.isNaN(ms) ? null : ms);
  }
  if (value instanceof Map) return tagged("Map", pairsToJson(value));
  if (value instanceof Set) return tagged("Set", [...value].map(toJson));
  if (value instanceof ArrayBuffer) return tagged("ArrayBuffer", bytesToText(new Uint8Array(value)));
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return tagged(kindOf(value), bytesToText(bytes));
  }
  // What was cloned has no class of the app's: the others are the browser's own.
  if (kindOf(value) !== "Object") throw new TypeError(`a ${kindOf(value)} cannot be kept as text`);
  return fieldsToJson(value);
}

function fieldsToJson(value: object): Json {
  if (Object.hasOwn(value, TAG)) return tagged("Object", pairsToJson(Object.entries(value)));
  // Without a prototype `__proto__` is a field like any other.
  const fields = Object.create(null) as Record<string, Json>;
  for (const [name, part] of Object.entries(value)) fields[name] = toJson(part);
  return fields;
}

function arrayToJson(array: readonly unknown[]): Json {
  const keys = Object.keys(array);
  // What JSON would lose: holes, and fields that are no places.
  if (keys.length === array.length && keys.every((key, at) => key === String(at))) return array.map(toJson);
  return tagged("Array", [array.length, pairsToJson(Object.entries(array))]);
}

function pairsToJson(pairs: Iterable<readonly [unknown, unknown]>): Json {
  return [...pairs].map(([key, part]) => [toJson(key), toJson(part)]);
}

function tagged(kind: string, ...parts: Json[]): Json {
  return { [TAG]: [kind, ...parts] };
}

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** The browser's own name of what an object is. */
function kindOf(value: object): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function bytesToText(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += BYTES_AT_ONCE) {
    text += String.fromCharCode(...bytes.subarray(at, at + BYTES_AT_ONCE));
  }
  return btoa(text);
}

function fromJson(json: Json): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(fromJson);
  if (Object.hasOwn(json, TAG)) return fromTag((json as { readonly [TAG]: Json })[TAG]);
  return fromFields(Object.entries(json).map(([name, part]) => [name, fromJson(part)]));
}

function fromTag(tag: Json): unknown {
  const [kind, parts] = listOf(tag);
  switch (kind) {
    case "undefined":
      return undefined;
    case "Number":
      return oneOf(NUMBERS, textOf(parts));
    case "BigInt":
      return BigInt(textOf(parts, /^-?\d+$/));
    case "Date":
      return new Date(parts === null ? Number.NaN : numberOf(parts));
    case "Map":
      return new Map(pairsOf(parts));
    case "Set":
      return new Set(listOf(parts).map(fromJson));
    case "Object":
      return fromFields(pairsOf(parts).map(([name, part]) => [textOf(name), part]));
    case "Array":
      return fromArray(listOf(parts));
    case "ArrayBuffer":
      return textToBytes(textOf(parts)).buffer;
    default:
      return fromView(textOf(kind), textToBytes(textOf(parts)));
  }
}

const NUMBERS: ReadonlyMap<unknown, number> = new Map([
  ["-0", -0],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

function fromFields(fields: ReadonlyArray<readonly [string, unknown]>): object {
  const made = {};
  for (const [name, value] of fields) define(made, name, value);
  return made;
}

function fromArray([length, pairs]: readonly Json[]): unknown[] {
  // Throws if it can be no length.
  const made: unknown[] = new Array(numberOf(length));
  for (const [name, value] of pairsOf(pairs)) define(made, textOf(name, /^(?!length$)/), value);
  return made;
}

/** Assigning to `__proto__` would change what the object is. */
function define(made: object, name: string, value: unknown): void {
  Object.defineProperty(made, name, { value, writable: true, enumerable: true, configurable: true });
}

function fromView(kind: string, bytes: Uint8Array<ArrayBuffer>): unknown {
  if (!VIEWS.includes(kind)) throw new TypeError(`no ${kind} is kept as text`);
  const View = (globalThis as unknown as Record<string, new (buffer: ArrayBuffer) => unknown>)[kind];
  if (View === undefined) throw new TypeError(`this browser knows no ${kind}`);
  return new View(bytes.buffer);
}

function textToBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
}

function pairsOf(json: Json | undefined): Array<[unknown, unknown]> {
  return listOf(json).map((pair) => {
    const [key, part, ...more] = listOf(pair);
    if (key === undefined || part === undefined || more.length > 0) throw new TypeError("not a pair");
    return [fromJson(key), fromJson(part)];
  });
}

function listOf(json: Json | undefined): readonly Json[] {
  if (!Array.isArray(json)) throw new TypeError("not a list");
  return json as readonly Json[];
}

function textOf(value: unknown, form = /(?:)/): string {
  if (typeof value !== "string" || !form.test(value)) throw new TypeError("not such a text");
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== "number") throw new TypeError("not a number");
  return value;
}

function oneOf<Value>(values: ReadonlyMap<unknown, Value>, key: unknown): Value {
  const value = values.get(key);
  if (value === undefined) throw new TypeError("not one of those");
  return value;
}
