import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { init } from "tabweave";
import { keyed, type Merged, type MergePolicyOptions, merge, mergePolicy } from "tabweave/merge";
import { text } from "tabweave/text";
import { beforeAll, expect, test } from "vitest";
import { encode } from "../../../pkg/src/local/tagged.js";
import { NAMED_RULES } from "../../../pkg/src/merge/rules.js";

beforeAll(async () => {
  const wasm = await readFile(fileURLToPath(import.meta.resolve("tabweave/wasm")));
  await init({ wasm });
});

/** Few names, so that sides meet; some that JavaScript sorts, and some that it has a meaning for. */
const name = fc.constantFrom(
  "a",
  "b",
  "id",
  "items",
  "qty",
  "status",
  "updatedAt",
  "__proto__",
  "10",
  "9",
  "$",
);

const anything = fc.anything({
  key: name,
  maxDepth: 3,
  maxKeys: 4,
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
  withNullPrototype: true,
});

const object = fc
  .array(fc.tuple(name, anything), { maxLength: 6 })
  .map((fields) => Object.fromEntries(fields));
const item = fc.tuple(fc.nat(4), object).map(([id, fields]) => ({ ...fields, id }));
const list = fc.uniqueArray(item, { selector: ({ id }) => id, maxLength: 5 });
const document = fc.oneof(
  object,
  fc.tuple(object, list).map(([fields, items]) => ({ ...fields, items })),
  anything,
);

/** What somebody made of an object: some fields from another one, some gone. */
const edited = (base: unknown) =>
  fc.tuple(fc.oneof(object, document), fc.array(name, { maxLength: 3 })).map(([other, gone]) => {
    if (typeof base !== "object" || base === null || Object.getPrototypeOf(base) !== Object.prototype)
      return other;
    const fields = [...Object.entries(base), ...Object.entries(Object(other) as object).slice(0, 3)];
    return Object.fromEntries(fields.filter(([known]) => !gone.some((lost) => lost === known)));
  });

const versions = document.chain((base) =>
  fc.record(
    { base: fc.constant(base), local: edited(base), server: edited(base) },
    { requiredKeys: ["server"] },
  ),
);

const rule = fc.constantFrom(...NAMED_RULES, text, keyed("id"));
const pattern = fc.constantFrom(
  "",
  "*",
  "a",
  "items",
  "items[*]",
  "items[*].qty",
  "*.*",
  "[*]",
  "a.b",
  '["$"].a',
);
const policy = fc
  .record({
    rules: fc.dictionary(pattern, rule, { maxKeys: 3 }),
    fallback: fc.constantFrom("manual" as const, "latest" as const),
  })
  .map((options) => mergePolicy(options as MergePolicyOptions<unknown>));

function frozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/** The same with the fields of its objects the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value))
    return Object.assign(
      new Array(value.length),
      Object.fromEntries(Object.entries(value).map(([at, part]) => [at, turned(part)])),
    );
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([field, part]) => [field, turned(part)]),
  );
}

/** Whether nobody can tell two values apart. */
function areAlike(one: unknown, other: unknown): boolean {
  return [other, turned(other)].some((way) => encode(way) === encode(one));
}

/** The verdicts, which have no order if fields have none. */
function told({ decisions, conflicts }: Merged): Set<string> {
  const words = decisions.map(({ path, rule: by, kind }) => JSON.stringify([path, by, kind]));
  return new Set([...words, ...conflicts.map(({ path, rule: by, why }) => JSON.stringify([path, by, why]))]);
}

/** Whether paths in it can be written as JSON. */
const spellable = (value: unknown): boolean =>
  typeof value !== "bigint" &&
  (typeof value !== "object" || value === null || Object.values(value).every(spellable));

test("what only one side changed is that side's own object", () => {
  fc.assert(
    fc.property(document, document, policy, (base, other, by) => {
      const again = structuredClone(other);
      expect(merge({ base, local: structuredClone(base), server: other, policy: by }).value).toBe(other);
      expect(merge({ base, local: again, server: other, policy: by }).value).toBe(other);
      if (areAlike(base, other)) return;
      const { value, decisions, conflicts } = merge({
        base,
        local: other,
        server: structuredClone(base),
        policy: by,
      });
      expect([value, decisions, conflicts]).toEqual([other, [], []]);
      expect(value).toBe(other);
    }),
    { numRuns: 1_000 },
  );
});

test("a field that nobody or one side changed is a side's own object", () => {
  fc.assert(
    fc.property(versions, (given) => {
      const { local, server } = given as { local?: unknown; server: unknown };
      const { value, decisions, conflicts } = merge<unknown>(given);
      const roots = [...decisions, ...conflicts].map(({ path }) => path[0]);
      if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
        return;
      for (const [field, part] of Object.entries(value)) {
        if (roots.length > 0 && (roots.includes(undefined) || roots.includes(field))) continue;
        if (typeof part !== "object" || part === null || isMergedAnew(part, local, server, field)) continue;
        const sides = [local, server].map((side) => (side as Record<string, unknown> | undefined)?.[field]);
        expect(sides.some((side) => side === part)).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});

/** Both sides changed something of the field, and of different places of it. */
function isMergedAnew(part: unknown, local: unknown, server: unknown, field: string): boolean {
  const sides = [local, server].map((side) => (side as Record<string, unknown> | undefined)?.[field]);
  return sides.every((side) => !areAlike(side, part));
}

test("no version is changed", () => {
  fc.assert(
    fc.property(versions, policy, (given, by) => {
      const before = encode(given);
      merge<unknown>({ ...frozen(given), policy: by, localMs: 1, serverMs: 2 });
      expect(encode(given)).toBe(before);
    }),
    { numRuns: 1_000 },
  );
});

test("the order of fields tells nothing", () => {
  fc.assert(
    fc.property(versions.filter(spellable), policy, (given, by) => {
      const other = Object.fromEntries(Object.entries(given).map(([side, value]) => [side, turned(value)]));
      const [one, another] = [
        merge<unknown>({ ...given, policy: by }),
        merge<unknown>({ ...other, policy: by }),
      ];
      expect(another.value).toStrictEqual(one.value);
      expect(told(another)).toEqual(told(one));
    }),
    { numRuns: 1_000 },
  );
});

test("fields that each side changed alone are both there, whatever they are called", () => {
  const names = fc.uniqueArray(fc.string(), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(names, anything, anything, anything, (four, was, here, there) => {
      const [mine, theirs, mineGone, theirsGone] = four as [string, string, string, string];
      const before = four.map((field) => [field, was] as const);
      const changed = (field: string, value: unknown, gone: string) =>
        Object.fromEntries([
          ...before.filter(([known]) => known !== gone && known !== field),
          [field, value],
        ]);
      const [local, server] = [changed(mine, here, mineGone), changed(theirs, there, theirsGone)];
      const base = Object.fromEntries(before);
      const { value, decisions, conflicts } = merge<Record<string, unknown>>({ base, local, server });
      expect([decisions, conflicts]).toEqual([[], []]);
      const both = Object.fromEntries([
        [mine, here],
        [theirs, there],
      ]);
      expect(areAlike(value, both)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("the same comes out again, and merging what came out changes nothing", () => {
  fc.assert(
    fc.property(versions, policy, (given, by) => {
      const times = { localMs: 2, serverMs: 1 };
      const merged = merge<unknown>({ ...given, ...times, policy: by });
      const once = merge<unknown>({ ...structuredClone(given), ...times, policy: by });
      expect(encode(once)).toBe(encode(merged));
      const server = given.server;
      const again = merge<unknown>({ base: server, local: merged.value, server, policy: by });
      expect(encode(again)).toBe(encode({ value: merged.value, decisions: [], conflicts: [] }));
    }),
    { numRuns: 1_000 },
  );
});
