import { describe, expect, test } from "vitest";
import { cloned } from "../../../pkg/src/client/cloneable.js";

const itself: Record<string, unknown> = { list: [{}] };
(itself.list as unknown[]).push({ up: itself });
const inMap = new Map<string, unknown>();
inMap.set("a", inMap);
const deep: unknown[] = [];
for (let inner = deep, depth = 0; depth < 100_000; depth += 1) {
  const next: unknown[] = [];
  inner.push(next);
  inner = next;
}
const throwing = {
  get name() {
    throw new RangeError("no");
  },
};

describe("refused with its path", () => {
  test.each([
    ["a function in a map", new Map([["k", { f: () => {} }]]), "args[0][1].f cannot be stored"],
    ["a function in a set", { set: new Set([() => {}]) }, "args.set[0] cannot be stored"],
    ["a promise", { deep: [{ wait: Promise.resolve() }] }, "args.deep[0].wait cannot be stored"],
    ["a proxy", { it: new Proxy({ a: 1 }, {}) }, "args.it cannot be stored"],
    ["a value that holds itself", itself, "args.list[1].up holds itself"],
    ["a map that holds itself", { map: inMap }, "args.map[0][1] holds itself"],
    ["a getter that throws", { throwing }, "args cannot be stored"],
    ["nesting without an end", deep, "args"],
  ])("%s", (_, value, message) => {
    expect(() => cloned(value, "args")).toThrow(
      expect.objectContaining({
        code: "args_not_cloneable",
        message: expect.stringContaining(`args_not_cloneable: ${message}`),
      }),
    );
  });
});

test.each([
  ["text", "x".repeat(10_000_001)],
  ["texts", Array.from({ length: 11 }, () => "x".repeat(1_000_000))],
  ["bytes", { bytes: new Uint8Array(50_000_000) }],
  ["a file", { file: new Blob([new Uint8Array(11_000_000)]) }],
  ["many small values", Array.from({ length: 1_300_000 }, () => 1)],
])("10 MB of %s are too much", (_, value) => {
  expect(() => cloned(value, "args")).toThrow(expect.objectContaining({ code: "payload_too_large" }));
});

test("what occurs twice without holding itself, and 9 MB, are fine", () => {
  const twice = { a: 1 };
  expect(cloned({ one: twice, two: [twice] }, "args")).toEqual({ one: { a: 1 }, two: [{ a: 1 }] });
  expect(cloned(new Uint8Array(9_000_000), "args").byteLength).toBe(9_000_000);
});
