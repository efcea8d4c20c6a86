import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonical, canonicalChunks } from "../../../pkg/src/audit/canonical.js";
import { decode, encode } from "../../../pkg/src/local/tagged.js";

interface Case {
  readonly name: string;
  readonly value: unknown;
  readonly bytes?: string;
  readonly sha256: string;
  readonly refused?: true;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

const cases = JSON.parse(
  readFileSync(new URL("../../canonical-cases.json", import.meta.url), "utf8"),
) as Case[];

/** The value that a case means: texts that no UTF-8 has and deep nesting are written in ways of their own. */
function meant(written: unknown): unknown {
  const expanded = JSON.stringify(written, (_, part) => {
    const [kind, given] = (part as { $?: readonly unknown[] } | null)?.$ ?? [];
    if (kind === "Text") return String.fromCharCode(...(given as number[]));
    if (kind === "Nested") return JSON.parse("[".repeat(given as number) + "]".repeat(given as number));
    return part;
  });
  return decode(expanded)?.value;
}

test.each(cases)("$name", ({ value, bytes, sha256, refused }) => {
  const digestOf = (encoding: Uint8Array) => createHash("sha256").update(encoding).digest("hex");
  if (refused) {
    expect(() => canonical(meant(value))).toThrow(expect.objectContaining({ code: "audit_value_unfit" }));
    expect(sha256).toBe(digestOf(Uint8Array.of(0)));
    return;
  }
  const encoding = canonical(meant(value));
  if (bytes !== undefined) expect(hex(encoding)).toBe(bytes);
  expect(digestOf(encoding)).toBe(sha256);
});

test("the file has as many cases as there were", () => {
  expect(cases.length).toBeGreaterThanOrEqual(80);
});

const cyclic: unknown[] = [];
cyclic.push({ cyclic });

test.each<[string, unknown]>([
  ["a function", () => 1],
  ["a symbol", Symbol("x")],
  ["a blob", new Blob(["x"])],
  ["a pattern", /x/],
  ["an error", new Error("x")],
  ["a promise", Promise.resolve(1)],
  ["a boxed number", Object(1)],
  ["a weak map", new WeakMap()],
  ["what holds itself", cyclic],
  ["what only says that it is a date", Object.create(Date.prototype)],
  ["what only says that it is a map", Object.create(Map.prototype)],
  ["what calls itself by another name", { [Symbol.toStringTag]: "Map" }],
  [
    "what throws when it is looked at",
    {
      get field() {
        throw new Error("no");
      },
    },
  ],
  ["a text that is too long", "x".repeat(2 ** 24)],
  ["too many bytes", new ArrayBuffer(2 ** 25)],
  ["a large number that is too large", 1n << (2n ** 28n + 8n)],
])("%s, somewhere in a value, is refused", (_, value) => {
  expect(() => canonical({ list: [value] })).toThrow(
    expect.objectContaining({ name: "TabweaveError", code: "audit_value_unfit" }),
  );
});

test("what stands in many places at once is refused before it has no end", () => {
  let doubled: unknown = "leaf";
  for (let depth = 0; depth < 100; depth += 1) doubled = [doubled, doubled];
  expect(() => canonical(doubled)).toThrow(expect.objectContaining({ code: "audit_value_unfit" }));
});

test("a text or bytes of any length come in pieces that make the whole", () => {
  const bytes = new Uint8Array(100_000).map((_, at) => at % 251);
  const value = { text: "x€".repeat(20_000), bytes: bytes.buffer, after: [1], part: bytes.subarray(7, 9) };
  const chunks = canonicalChunks(value);
  expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(16_384);
  expect(Buffer.concat(chunks).equals(canonical(value))).toBe(true);
  const [text, view] = [hex(canonical(value.text)), hex(canonical(value.part))];
  expect(text).toBe(`0800009c40${"007820ac".repeat(20_000)}`);
  expect(hex(canonical(value))).toContain(`${text}`);
  expect(view).toBe("0b02000000020708");
});

test("only what a view shows counts, not what it was cut from", () => {
  const whole = Uint16Array.of(1, 2, 3);
  expect(canonical(whole.subarray(1, 2))).toEqual(canonical(Uint16Array.of(2)));
  expect(canonical(new DataView(whole.buffer, 2, 2))).toEqual(
    canonical(new DataView(Uint8Array.of(2, 0).buffer)),
  );
});

test("methods that somebody put in their place are not called", () => {
  const trap = () => {
    throw new Error("called");
  };
  const map = Object.assign(new Map([["a", 1]]), { forEach: trap, entries: trap, [Symbol.iterator]: trap });
  const date = Object.assign(new Date(5), { getTime: trap, valueOf: trap, toString: trap });
  const list = Object.assign([1], { [Symbol.iterator]: trap });
  expect(canonical([map, date, list])).toEqual(canonical([new Map([["a", 1]]), new Date(5), [1]]));
});

test("a large number of any size is its bytes", () => {
  expect(hex(canonical(1n << 200n))).toBe(`060000001a01${"00".repeat(25)}`);
  expect(hex(canonical(-(2n ** 256n - 1n)))).toBe(`0700000020${"ff".repeat(32)}`);
});

test("a name that is half a pair is a name", () => {
  expect(canonical({ "\ud83d": 1 })).not.toEqual(canonical({ "\ude00": 1 }));
});

const kinds = { withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true };
const key = fc.oneof(fc.string(), fc.constantFrom("$", "__proto__", "length", "0"));
const anything = fc.anything({ ...kinds, withSparseArray: true, key }).map((value) => structuredClone(value));

test("a clone has the same encoding, whatever the order of its fields was", () => {
  const reversed = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
      return value;
    }
    const fields = Object.entries(value).map(([name, part]) => [name, reversed(part)] as const);
    return Object.fromEntries(fields.reverse());
  };
  fc.assert(
    fc.property(anything, (value) => {
      expect(hex(canonical(structuredClone(value)))).toBe(hex(canonical(value)));
      expect(hex(canonical(reversed(value)))).toBe(hex(canonical(value)));
    }),
    { numRuns: 500 },
  );
});

test("two values have the same encoding if they are the same, and only then", () => {
  const leaf = fc.constantFrom(
    0,
    -0,
    Number.NaN,
    1,
    1n,
    -1n,
    "",
    "0",
    "a",
    null,
    undefined,
    false,
    new Date(1),
  );
  const bytes = fc.constantFrom(Uint8Array.of(0), Int8Array.of(0), Uint8Array.of(0).buffer);
  const { value: small } = fc.letrec((tie) => {
    const parts = fc.array(tie("value"), { maxLength: 2 });
    const pairs = fc.array(fc.tuple(leaf, tie("value")), { maxLength: 2 });
    const fields = fc.uniqueArray(fc.constantFrom("0", "a", "b"), { maxLength: 2 });
    // In one order, for the texts that are compared keep it.
    const object = fc
      .tuple(fields, parts)
      .map(([names, values]) => Object.fromEntries(names.sort().map((name, at) => [name, values[at]])));
    const holes = fc.constantFrom(new Array(1), new Array(2), Object.assign(new Array(2), { 1: 0 }));
    const containers = [parts, parts.map((it) => new Set(it)), pairs.map((it) => new Map(it)), object, holes];
    return { value: fc.oneof({ depthSize: "small" }, leaf, bytes, ...containers) };
  });
  fc.assert(
    fc.property(small, small, (one, other) => {
      expect(hex(canonical(one)) === hex(canonical(other))).toBe(encode(one) === encode(other));
    }),
    { numRuns: 3_000 },
  );
});

test("the trail has an encoding of what can be kept as text, and of nothing else", () => {
  const odd = fc.constantFrom(
    /x/,
    new Error("x"),
    new Blob(["x"]),
    () => 1,
    Symbol("x"),
    Object(1),
    new WeakSet(),
  );
  const refusal = (act: () => unknown) => {
    try {
      act();
      return false;
    } catch {
      return true;
    }
  };
  fc.assert(
    fc.property(fc.oneof(anything, odd, fc.array(fc.oneof(anything, odd))), (value) => {
      expect(refusal(() => canonical(value))).toBe(refusal(() => encode(value)));
    }),
    { numRuns: 500 },
  );
});
