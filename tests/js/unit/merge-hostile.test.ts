import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { init, isTabweaveError } from "tabweave";
import { keyed, type Merged, merge, mergePolicy } from "tabweave/merge";
import { text } from "tabweave/text";
import { beforeAll, describe, expect, test } from "vitest";

beforeAll(async () => {
  const wasm = await readFile(fileURLToPath(import.meta.resolve("tabweave/wasm")));
  await init({ wasm });
});

/** What a merge refuses, in its own words. */
function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!isTabweaveError(error)) throw error;
    expect(error.code).toBe("args_not_cloneable");
    return error.message;
  }
  throw new Error("it was merged");
}

/** An object that holds what is given as deep as that. */
function nested(levels: number, inside: unknown): unknown {
  let made = inside;
  for (let level = 0; level < levels; level += 1) made = { a: made };
  return made;
}

const tooLarge = (merged: Merged) => merged.conflicts.map(({ why, path }) => [why, path]);

describe("what no document can hold is refused, with where it is", () => {
  const cyclic = (): Record<string, unknown> => {
    const made: Record<string, unknown> = { a: [{}] };
    (made.a as Record<string, unknown>[])[0]!.self = made;
    return made;
  };
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  const throwing = () => ({
    get b() {
      throw new Error("no");
    },
  });
  const detached = () => {
    const buffer = new ArrayBuffer(8);
    structuredClone(buffer, { transfer: [buffer] });
    return buffer;
  };
  const held: ReadonlyArray<readonly [string, () => unknown]> = [
    ["a function", () => () => 1],
    ["a symbol", () => Symbol("s")],
    ["a revoked proxy", revoked],
    ["a getter that throws", throwing],
    ["what holds itself", cyclic],
    ["bytes that were given away", detached],
  ];
  const rules = ["local", "server", "manual", "mostRecentNonNull", "latest", "recursive", "union"] as const;

  test.each(held)("%s that one side added", (_, make) => {
    for (const side of ["local", "server"] as const) {
      const versions = { base: { x: 1 }, local: { x: 1 }, server: { x: 1 }, [side]: { x: 1, y: [make()] } };
      expect(refusalOf(() => merge<unknown>(versions))).toMatch(/\by\b/);
    }
  });

  test.each(held)("%s in what both sides changed", (_, make) => {
    for (const rule of rules) {
      const policy = mergePolicy<unknown>({ rules: { y: rule } });
      for (const side of ["local", "server"] as const) {
        const versions = { base: { y: { n: 0 } }, local: { y: { n: 1 } }, server: { y: { n: 2 } } };
        const held = { ...versions, [side]: { y: { n: 3, z: make() } } };
        expect(refusalOf(() => merge<unknown>({ ...held, policy }))).toMatch(/\by\.z/);
      }
    }
  });

  test.each(held)("%s in what one side removed", (_, make) => {
    const versions = { base: { y: 1 }, local: { y: make() }, server: {} };
    expect(refusalOf(() => merge<unknown>(versions))).toMatch(/\by\b/);
  });

  test.each(held)("%s that a function of the policy made", (_, make) => {
    const policy = mergePolicy<unknown>({ rules: { y: () => [make()] } });
    const versions = { base: { y: 1 }, local: { y: 2 }, server: { y: 3 } };
    expect(refusalOf(() => merge<unknown>({ ...versions, policy }))).toMatch(/\by\b/);
  });

  test.each(held)("%s in Maps, Sets and lists", (_, make) => {
    const maps = [new Map([["k", make()]]), new Map([[make(), 1]])];
    for (const around of [[make()], ...maps, new Set([make()])]) {
      const versions = { base: { y: 1 }, local: { y: around }, server: { y: 2 } };
      expect(refusalOf(() => merge<unknown>(versions))).toMatch(/\by\[/);
    }
  });
});

describe("what is too much is one conflict, and soon", () => {
  test("10,000 levels", () => {
    for (const levels of [202, 10_000]) {
      const versions = { base: nested(levels, 1), local: nested(levels, 2), server: nested(levels, 3) };
      expect(tooLarge(merge<unknown>(versions))).toEqual([["too_large", []]]);
      const added = { base: {}, local: { x: nested(levels, 1) }, server: { y: 1 } };
      expect(tooLarge(merge<unknown>(added))).toEqual([["too_large", []]]);
    }
  });

  test("200 levels are not", () => {
    const versions = { base: nested(200, 1), local: nested(200, 2), server: nested(200, 3) };
    expect(merge<unknown>(versions).conflicts).toMatchObject([{ why: "both_changed" }]);
  });

  test("more levels than a browser's stack can bear cannot be asked for", () => {
    const policy = mergePolicy<unknown>({ mergeDepthMax: 1_000 });
    const versions = { base: nested(1_000, 1), local: nested(1_000, 2), server: nested(1_000, 3) };
    expect(merge<unknown>({ ...versions, policy }).conflicts).toMatchObject([{ why: "both_changed" }]);
    expect(() => mergePolicy<unknown>({ mergeDepthMax: 1_001 })).toThrow(
      expect.objectContaining({ code: "invalid_option" }),
    );
  });

  test("a million objects", { timeout: 60_000 }, () => {
    const items = (n: number) => Array.from({ length: 1_000_000 }, (_, id) => ({ id, n }));
    const versions = { base: items(1), local: items(2), server: items(3) };
    expect(tooLarge(merge<unknown>(versions))).toEqual([["too_large", []]]);
  });

  test("a sequence of things that look alike", { timeout: 60_000 }, () => {
    const policy = mergePolicy<unknown>({ rules: { s: "sequence" }, mergeNodesMax: 100_000 });
    const alike = (n: number) => Array.from({ length: 20_000 }, (_, at) => [[at, n]]);
    const versions = { base: { s: alike(1) }, local: { s: alike(2) }, server: { s: alike(3) } };
    expect(tooLarge(merge<unknown>({ ...versions, policy }))).toEqual([["too_large", []]]);
  });
});

describe("what is large but allowed is merged", () => {
  test("300,000 scalars in a set and in a sequence", { timeout: 60_000 }, () => {
    const numbers = Array.from({ length: 300_000 }, (_, at) => at);
    const [local, server] = [
      [-1, ...numbers],
      [...numbers, -2],
    ];
    expect(merge<unknown>({ base: numbers, local, server }).value).toHaveLength(300_002);
    const policy = mergePolicy<unknown>({ rules: { "": "sequence" } });
    expect(merge<unknown>({ base: numbers, local, server, policy }).value).toEqual([-1, ...numbers, -2]);
  });

  test("3,000 dates in a sequence", () => {
    const dates = Array.from({ length: 3_000 }, (_, at) => new Date(at));
    const policy = mergePolicy<unknown>({ rules: { "": "sequence" } });
    const versions = { base: dates, local: [new Date(-1), ...dates], server: [...dates, new Date(-2)] };
    expect(merge<unknown>({ ...versions, policy }).value).toHaveLength(3_002);
  });

  test("a text of 200,000 words", { timeout: 60_000 }, () => {
    const words = Array.from({ length: 200_000 }, (_, at) => `w${at % 1000}`).join(" ");
    const policy = mergePolicy<unknown>({ rules: { "": text } });
    const versions = { base: words, local: `first ${words}`, server: `${words} last` };
    expect(merge<unknown>({ ...versions, policy }).value).toBe(`first ${words} last`);
  });
});

describe("odd values are values", () => {
  test("holes are undefined", () => {
    const holed = new Array<unknown>(3);
    holed[2] = 1;
    const base = { a: [undefined, undefined, 1], b: 1 };
    expect(merge<unknown>({ base, local: { a: holed, b: 2 }, server: { ...base, c: 1 } }).value).toEqual({
      a: [undefined, undefined, 1],
      b: 2,
      c: 1,
    });
    const { value } = merge<{ a: unknown[] }>({ base: { a: [] }, local: { a: holed }, server: { a: [7] } });
    expect(value.a).toEqual([7, undefined, 1]);
  });

  test("objects without a prototype, and those of another realm, are objects", async () => {
    const bare = (fields: object): object => Object.assign(Object.create(null) as object, fields);
    const { runInNewContext } = await import("node:vm");
    const foreign = runInNewContext("({ a: 2, b: 1, list: [{ id: 1, n: 1 }] })") as object;
    const base = { a: 1, b: 1, list: [{ id: 1, n: 0 }] };
    const merged = merge<unknown>({ base, local: foreign, server: bare({ ...base, b: 2 }) });
    expect(merged).toEqual({ value: { a: 2, b: 2, list: [{ id: 1, n: 1 }] }, decisions: [], conflicts: [] });
  });

  test("an object of a class is one value", () => {
    class Point {
      constructor(readonly x: number) {}
    }
    const [base, local, server] = [1, 2, 3].map((x) => ({ at: new Point(x) }));
    const { conflicts } = merge<unknown>({ base, local, server });
    expect(conflicts).toMatchObject([{ path: ["at"], why: "both_changed" }]);
  });

  test("an array with fields of its own is an array", () => {
    const local = Object.assign([1, 2], { extra: () => 1 });
    expect(merge<unknown>({ base: [1], local, server: [1, 3] }).value).toEqual([1, 3, 2]);
  });
});

describe("names are data", () => {
  const names = ["__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "valueOf", "then"];
  const having = (name: string, value: unknown) => JSON.parse(`{${JSON.stringify(name)}:${value}}`) as object;

  test.each(names)("%s", (name) => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const versions = { base: having(name, '{"a":1}'), local: having(name, '{"a":2}') };
    const { value } = merge<object>({ ...versions, server: having(name, '{"a":1,"b":1}') });
    expect(Object.entries(value)).toEqual([[name, { a: 2, b: 1 }]]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each(names)("%s as a key that tells objects apart, and as a rule's pattern", (name) => {
    const item = (n: number) => [JSON.parse(`{${JSON.stringify(name)}: "x", "n": ${n}}`)];
    const policy = mergePolicy<unknown>({
      rules: { list: keyed(name), "list[*].n": "counter", [name]: "max" },
    });
    const document = (n: number) => Object.assign(having(name, n), { list: item(n) });
    const { value, conflicts } = merge<Record<string, unknown>>({
      base: document(1) as never,
      local: document(2) as never,
      server: document(3) as never,
      policy,
    });
    expect(conflicts).toEqual([]);
    expect(Object.getOwnPropertyDescriptor(value, name)?.value).toBe(3);
    expect(value.list).toEqual(item(4));
  });

  test("a field that only a prototype has is not there", () => {
    const { value, conflicts } = merge<object>({
      base: {},
      local: { toString: 1 } as never,
      server: { a: 1 } as never,
    });
    expect(conflicts).toEqual([]);
    expect(Object.entries(value)).toEqual([
      ["a", 1],
      ["toString", 1],
    ]);
  });
});

describe("a policy that cannot be is refused when it is made", () => {
  test.each([".a", "a.", "a..b", "a[0]", "a[", "[*]b", "a*", '["a', "[*].", "a.[*]"])(
    "the pattern %s",
    (pattern) => {
      expect(() => mergePolicy<unknown>({ rules: { [pattern]: "max" } })).toThrow(
        expect.objectContaining({ code: "invalid_option" }),
      );
    },
  );

  test("two spellings of one pattern", () => {
    expect(() => mergePolicy<unknown>({ rules: { a: "max", '["a"]': "min" } })).toThrow(
      expect.objectContaining({ code: "invalid_option" }),
    );
  });
});
