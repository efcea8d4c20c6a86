import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { exportAudit, readAuditExport } from "../../../pkg/src/audit/exporting.js";
import { filterAudit } from "../../../pkg/src/audit/filter.js";
import type { AuditEntry, AuditLink, AuditTrail } from "../../../pkg/src/audit/types.js";
import { verifyAudit } from "../../../pkg/src/audit/verify.js";
import { verifyAudit as engineCheck, initSync } from "../../../pkg/wasm/tabweave.js";
import { anchorAt, chainOf, decision, digestOf } from "./audit-chain.js";

beforeAll(() => {
  initSync({ module: readFileSync(new URL("../../../pkg/wasm/tabweave_bg.wasm", import.meta.url)) });
});

/** What the engine finds. */
const found = (trail: AuditTrail, known?: AuditLink) => verifyAudit(engineCheck, trail, known).findings;

const rich = {
  at: new Date(5),
  big: 2n ** 70n,
  bytes: new Uint8Array([1, 250]),
  map: new Map<unknown, unknown>([["a", new Set([1])]]),
  odd: [-0, Number.NaN, undefined, "\ud83d"],
};

const entries = chainOf([
  decision({ who: "ann", result: { value: "a" } }),
  decision({
    document: "n2",
    atMs: 1_700_000_000_005,
    kind: "manual",
    base: { value: rich },
    local: { value: null },
  }),
  decision({
    path: ["items", { by: "id", key: 7n }, 0, { key: new Date(1) }],
    server: { hash: digestOf(rich) },
  }),
  decision({ collection: "people", who: "ⱦ", result: { value: undefined } }),
]);

describe("a chain that another program made by the tables", () => {
  test("is whole to the engine", () => {
    expect(verifyAudit(engineCheck, { entries }, entries[3])).toEqual({
      findings: [],
      head: { number: 3, hash: entries[3]?.hash },
    });
    expect(found({ anchor: anchorAt(entries[1]!), entries: entries.slice(2) })).toEqual([]);
    expect(verifyAudit(engineCheck, { entries: [] })).toEqual({ findings: [] });
  });

  test("whatever its values are", () => {
    const kinds = { withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true };
    const anything = fc.anything({ ...kinds, withSparseArray: true });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 4 }), (values) => {
        const chain = chainOf(values.map((value) => decision({ result: { value }, path: [{ key: value }] })));
        expect(found({ entries: chain })).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("also where a value has no encoding, or is as long as many pieces", () => {
    const values = [new Blob(["x"]), Symbol("x"), "x".repeat(100_000), new Uint8Array(100_000).buffer];
    expect(found({ entries: chainOf(values.map((value) => decision({ result: { value } }))) })).toEqual([]);
  });
});

test.each<[string, (entry: AuditEntry) => object]>([
  ["the time", ({ atMs }) => ({ atMs: atMs + 1 })],
  ["the person", () => ({ who: "bob" })],
  ["the document", () => ({ document: "n9" })],
  ["the path", () => ({ path: ["items", { by: "id", key: 7 }, 0, { key: new Date(1) }] })],
  ["the kind", () => ({ kind: "local" })],
  ["a side that was none", () => ({ base: { value: undefined } })],
  ["a hash in place of a value", () => ({ server: { hash: "0".repeat(64) } })],
  ["the number", () => ({ number: 7 })],
])("who changes %s of an entry is found", (_, change) => {
  const changed = entries.map((entry, at) => (at === 2 ? { ...entry, ...change(entry) } : entry));
  expect(found({ entries: changed })).toEqual([{ fault: "changed", at: 2, number: 2, through: 2 }]);
});

test("a value in place of its hash is no change", () => {
  const revealed = entries.map((entry, at) => (at === 2 ? { ...entry, server: { value: rich } } : entry));
  expect(found({ entries: revealed })).toEqual([]);
});

test("that the end was cut off is found by who noted it", () => {
  expect(found({ entries: entries.slice(0, 2) })).toEqual([]);
  expect(found({ entries: entries.slice(0, 2) }, entries[3])).toEqual([
    { fault: "missing", number: 2, through: 3 },
  ]);
});

test("what is wanted of a trail keeps its order", () => {
  const numbers = (filter: Parameters<typeof filterAudit>[1]) =>
    filterAudit(entries, filter).map(({ number }) => number);
  expect(numbers({})).toEqual([0, 1, 2, 3]);
  expect(numbers({ collection: "notes" })).toEqual([0, 1, 2]);
  expect(numbers({ collection: "notes", document: "n1" })).toEqual([0, 2]);
  expect(numbers({ fromMs: 1_700_000_000_005 })).toEqual([1]);
  expect(numbers({ untilMs: 1_700_000_000_005 })).toEqual([0, 2, 3]);
});

describe("an export", () => {
  test("is read as it was, and is as whole", () => {
    const trail = { anchor: anchorAt(entries[0]!), entries: entries.slice(1) };
    expect(readAuditExport(exportAudit(trail))).toStrictEqual(trail);
    expect(found(readAuditExport(exportAudit(trail)), entries[3])).toEqual([]);
    expect(readAuditExport(exportAudit({ entries: [] }))).toStrictEqual({ entries: [] });
  });

  test("of values that have no encoding has what they count by", () => {
    const chain = chainOf([decision({ path: [{ key: new Blob(["x"]) }], result: { value: [/x/] } })]);
    const read = readAuditExport(exportAudit({ entries: chain }));
    expect(read.entries[0]?.result).toEqual({ hash: digestOf(/x/) });
    expect(found(read)).toEqual([]);
  });

  test("of anything is read as it was", () => {
    const kinds = { withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true };
    fc.assert(
      fc.property(
        fc.array(fc.anything({ ...kinds, withSparseArray: true })),
        fc.string({ unit: "binary" }),
        (values, who) => {
          const chain = chainOf(
            values.map((value) => decision({ who, result: { value: structuredClone(value) } })),
          );
          expect(readAuditExport(exportAudit({ entries: chain })).entries).toStrictEqual(chain);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("that somebody changed is found changed", () => {
    const text = exportAudit({ entries });
    expect(found(readAuditExport(text.replace('"ann"', '"bob"')))).toMatchObject([
      { fault: "changed", at: 0 },
    ]);
    expect(
      found(readAuditExport(text.replace("1180591620717411303424", "1180591620717411303425"))),
    ).toMatchObject([{ fault: "changed", at: 1 }]);
  });

  const first = (change: object) => JSON.stringify({ ...header, entries: [{ ...written(), ...change }] });
  const header = { format: "tabweave/audit", version: 1 };
  const written = () => JSON.parse(exportAudit({ entries })).entries[0] as object;

  test.each<[string, () => string]>([
    ["nothing", () => ""],
    ["no JSON", () => "{"],
    ["another JSON", () => "null"],
    ["a list", () => "[]"],
    ["another format", () => JSON.stringify({ ...header, format: "tabweave/dead-letters", entries: [] })],
    ["a newer version", () => JSON.stringify({ ...header, version: 2, entries: [] })],
    ["no entries", () => JSON.stringify(header)],
    ["no anchor that is one", () => JSON.stringify({ ...header, entries: [], anchor: null })],
    ["half an anchor", () => JSON.stringify({ ...header, entries: [], anchor: { number: 1, hash: "x" } })],
    ["an entry that is none", () => JSON.stringify({ ...header, entries: [7] })],
    ["a negative number", () => first({ number: -1 })],
    ["a number too large", () => first({ number: 2 ** 60 })],
    ["no time", () => first({ atMs: "today" })],
    ["half a pair of surrogates", () => first({ who: "\ud83d" })],
    ["another kind", () => first({ kind: "toString" })],
    ["no path", () => first({ path: "title" })],
    ["a path of something else", () => first({ path: [null] })],
    ["a path by something else", () => first({ path: [{ by: 1, key: 1 }] })],
    ["a side that is nothing", () => first({ base: null })],
    ["a side without a value", () => first({ base: {} })],
    ["a side with both", () => first({ base: { value: 1, hash: "0".repeat(64) } })],
    ["a value that is none", () => first({ base: { value: { $: ["Function", "1"] } } })],
    ["a hash in capital letters", () => first({ hash: "A".repeat(64) })],
    ["no hash", () => first({ previous: undefined })],
    [
      "a value without end",
      () =>
        first({ base: { value: 0 } }).replace(
          '"value":0',
          `"value":${"[".repeat(90_000)}${"]".repeat(90_000)}`,
        ),
    ],
  ])("is not %s", (_, text) => {
    expect(() => readAuditExport(text())).toThrow(expect.objectContaining({ code: "audit_export_invalid" }));
  });

  test("says what is wrong with it", () => {
    expect(() => readAuditExport(first({ hash: "x" }))).toThrow("entries[0].hash is no SHA-256.");
  });
});
