// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { erase } from "../../../pkg/src/client/erase.js";
import { Names } from "../../../pkg/src/client/names.js";
import { storageError } from "../../../pkg/src/client/session.js";
import type { JournalRecord } from "../../../pkg/src/engine/binding.js";
import { Heritage } from "../../../pkg/src/engine/heritage.js";
import { Journal } from "../../../pkg/src/journal.js";
import { itemsOf } from "../../../pkg/src/local/items.js";

const names = new Names("app", "ann");
const nobody = async () => ({ living: [], pages: [] });

/** As much of Web Locks as is asked for: a lock is held until its promise is kept. */
function fakeLocks(): object {
  const held = new Set<string>();
  return {
    async request(name: string, _: object, act: (lock: object | null) => Promise<void> | undefined) {
      if (held.has(name)) return await act(null);
      held.add(name);
      await act({ name });
      held.delete(name);
    },
    query: async () => ({ held: [...held].map((name) => ({ name })) }),
  };
}

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal("navigator", { locks: fakeLocks() });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function record(id: string, argument: unknown = null): JournalRecord {
  const body = { kind: "intent", arguments: argument } as const;
  const flags = { repeatable: true, confirmedByKey: false };
  return { schema: 1, id, name: "keep", body, scope: "", ...flags, acceptedMs: 5 };
}

/** The journal of a tab, with the codes of what it complained of. */
async function opened(tab: string, of = names): Promise<{ journal: Journal; codes: string[] }> {
  const codes: string[] = [];
  const journal = new Journal(of.journals + tab, (cause) => void codes.push(storageError(cause).code));
  await journal.open();
  return { journal, codes };
}

const ids = (owner: string) =>
  itemsOf(names.journals)
    .filter((item) => item.owner === owner)
    .map((item) => (item.record as JournalRecord).id);

test("without IndexedDB a record is written in the task of the call, whatever its arguments are", async () => {
  const { journal, codes } = await opened("tab");
  const argument = { big: 7n, at: new Date(Number.NaN), map: new Map([["k", new Uint8Array([1])]]) };
  const { durability, written } = journal.append(record("1", argument));
  expect([durability, ids("tab")]).toEqual(["localstorage", ["1"]]);
  expect(itemsOf(names.journals)[0]?.record).toStrictEqual(record("1", argument));
  await written.promise;
  expect(codes).toEqual(["storage_local"]);
});

test("what was appended before the journal was open is written then, in order, and goes when it is released", async () => {
  const journal = new Journal(`${names.journals}tab`, () => {});
  const early = Array.from({ length: 12 }, (_, at) => journal.append(record(`${at}`)));
  expect(early.map(({ durability }) => durability)).toEqual(early.map(() => undefined));
  await Promise.all(early.map(({ written }) => written.promise));
  expect(ids("tab")).toEqual(early.map((_, at) => `${at}`));
  journal.release("3");
  await vi.waitFor(() => expect(ids("tab")).not.toContain("3"));
  expect(ids("tab")).toHaveLength(11);
});

test("what finds no room is refused with `storage_quota`, and is nowhere", async () => {
  const { journal, codes } = await opened("tab");
  const full = new DOMException("full", "QuotaExceededError");
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw full;
  });
  const { durability, written } = journal.append(record("1"));
  expect(durability).toBeUndefined();
  await expect(written.promise).rejects.toMatchObject({ code: "storage_quota", cause: full });
  expect(codes).toEqual(["storage_local", "storage_quota"]);
});

test("what no text is kept of is not called saved", async () => {
  const { journal, codes } = await opened("tab");
  const { durability, written } = journal.append(record("1", { blob: new Blob(["x"]) }));
  expect(durability).toBeUndefined();
  await expect(written.promise).rejects.toThrow(TypeError);
  expect(codes).toEqual(["storage_local", "storage_failed"]);
});

test("without localStorage nothing is called saved", async () => {
  vi.stubGlobal("localStorage", undefined);
  const { journal, codes } = await opened("tab");
  await expect(journal.append(record("1")).written.promise).rejects.toMatchObject({ code: "storage_memory" });
  expect([journal.shelf, new Set(codes)]).toEqual([undefined, new Set(["storage_memory"])]);
});

/** Leaves a journal behind, as a tab does that dies. */
async function leave(tab: string, ...records: string[]): Promise<void> {
  const { journal } = await opened(tab);
  for (const id of records) journal.append(record(id));
}

test("one tab takes over the journal of a dead one, in order, and removes what came to its end", async () => {
  await leave("dead", "1", "2");
  await leave("alive", "3");
  await leave("asleep", "4");
  const presence = async () => ({ living: ["alive"], pages: ["alive", "asleep"] });
  const [heir, other] = [new Heritage(names), new Heritage(names)];
  expect(await heir.find(presence)).toEqual([{ owner: "dead", records: [record("1"), record("2")] }]);
  expect(await other.find(presence)).toEqual([]);
  heir.release("1");
  expect(ids("dead")).toEqual(["2"]);
  heir.close();
  await vi.waitFor(async () =>
    expect(await other.find(presence)).toEqual([{ owner: "dead", records: [record("2")] }]),
  );
});

test("where nobody can tell who took it over, a journal stays where it is", async () => {
  await leave("dead", "1");
  vi.stubGlobal("navigator", {});
  expect(await new Heritage(names).find(nobody)).toEqual([]);
  expect(ids("dead")).toEqual(["1"]);
});

test("an item that cannot be read is handed over as nothing, so that its journal is left alone", async () => {
  await leave("dead", "1");
  localStorage.setItem(`${names.journals}dead/2`, '{"$":["eval","1"]}');
  localStorage.setItem(`${names.journals}dead`, "no place in a journal");
  expect(await new Heritage(names).find(nobody)).toEqual([
    { owner: "dead", records: [record("1"), undefined] },
  ]);
});

test("the journal of another identity is not read, not even of one whose name begins alike", async () => {
  for (const identity of ["an", "ann/dead", "bob"]) {
    const { journal } = await opened("dead", new Names("app", identity));
    journal.append(record(identity));
  }
  expect(await new Heritage(names).find(nobody)).toEqual([]);
});

test("erase lists what a journal in localStorage holds, and takes it away together with what cannot be read", async () => {
  await leave("dead", "1");
  localStorage.setItem(`${names.journals}dead/2`, "?");
  const { journal } = await opened("dead", new Names("app", "bob"));
  journal.append(record("3"));
  const refused = erase("app", "ann", {}, async () => {});
  await expect(refused).rejects.toMatchObject({ code: "undelivered_operations" });
  expect(itemsOf(names.journals)).toHaveLength(2);
  const erased = await erase("app", "ann", { discardUndelivered: true }, async () => {});
  expect(erased.map(({ name }) => name).sort()).toEqual(["", "keep"]);
  expect(itemsOf(names.journals)).toEqual([]);
  expect(itemsOf(new Names("app", "bob").journals)).toHaveLength(1);
});
