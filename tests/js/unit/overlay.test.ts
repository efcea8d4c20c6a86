import { makeFunctionReference } from "convex/server";
import { describe, expect, test } from "vitest";
import { Placeholders } from "../../../pkg/src/client/placeholders.js";
import { collection } from "../../../pkg/src/definition/collection.js";
import { type LoadedQuery, Overlay } from "../../../pkg/src/overlay.js";
import { queryToken } from "../../../pkg/src/token.js";

interface Scene {
  readonly id: string;
  readonly status: string;
  readonly rank?: number;
}

const scenes = collection<Scene, { status?: string }>("scenes", { key: "id" });
const ALL = queryToken("scenes", {});
const OPEN = queryToken("scenes", { status: "open" });
const DONE = queryToken("scenes", { status: "done" });

const one: Scene = { id: "1", status: "open" };
const two: Scene = { id: "2", status: "open" };
const three: Scene = { id: "3", status: "done" };

function stage(): { draft: Map<string, unknown>; tx: Overlay } {
  const draft = new Map<string, unknown>([
    [ALL, [one, two, three]],
    [OPEN, [one, two]],
    [DONE, [three]],
  ]);
  const loaded: LoadedQuery[] = [
    { token: ALL, collection: "scenes", args: {} },
    { token: OPEN, collection: "scenes", args: { status: "open" } },
    { token: DONE, collection: "scenes", args: { status: "done" } },
  ];
  return { draft, tx: new Overlay(draft, loaded, "operation-1", 1_000) };
}

const ids = (value: unknown) => (value as Scene[]).map(({ id }) => id).join("");

test("nothing shows before the commit, and nothing at all without one", () => {
  const { draft, tx } = stage();
  const before = new Map(draft);
  tx.remove(scenes, "1");
  expect(tx.get(scenes, "1")).toBeUndefined();
  expect(draft).toEqual(before);
  tx.commit();
  expect(ids(draft.get(ALL))).toBe("23");
});

test("an update changes the document wherever it is, and only that one", () => {
  const { draft, tx } = stage();
  tx.update(scenes, "2", { rank: 7 });
  expect(tx.commit()).toEqual([
    [ALL, "2"],
    [OPEN, "2"],
  ]);
  const [first, second] = draft.get(OPEN) as Scene[];
  expect(first).toBe(one);
  expect(second).toEqual({ id: "2", status: "open", rank: 7 });
  expect((draft.get(ALL) as Scene[])[1]).toBe(second);
  expect(draft.get(DONE)).toEqual([three]);
});

test("an update moves the document between results as its fields say", () => {
  const { draft, tx } = stage();
  tx.update(scenes, "1", (scene) => ({ ...scene, status: "done" }));
  tx.commit();
  expect([ids(draft.get(ALL)), ids(draft.get(OPEN)), ids(draft.get(DONE))]).toEqual(["123", "2", "31"]);
});

test("an update that changes nothing keeps the document's identity and is pending all the same", () => {
  const { draft, tx } = stage();
  tx.update(scenes, "1", { status: "open" });
  expect(tx.commit()).toContainEqual([OPEN, "1"]);
  expect((draft.get(OPEN) as Scene[])[0]).toBe(one);
});

test("an update of a document that is not loaded does nothing", () => {
  const { tx } = stage();
  tx.update(scenes, "9", { rank: 1 });
  expect(tx.commit()).toEqual([]);
});

test("an insert goes into the results whose arguments match, once", () => {
  const { draft, tx } = stage();
  tx.insert(scenes, { id: tx.id, status: "done" });
  tx.insert(scenes, { id: tx.id, status: "done" });
  expect(tx.commit()).toEqual([
    [ALL, "operation-1"],
    [DONE, "operation-1"],
  ]);
  expect((draft.get(DONE) as Scene[]).length).toBe(2);
  expect(ids(draft.get(OPEN))).toBe("12");
});

test("a collection with an order keeps it, without changing the list it was given", () => {
  const ranked = collection<Scene, { status?: string }>("scenes", {
    key: "id",
    sort: (a, b) => b.id.localeCompare(a.id),
    matches: () => true,
  });
  const { draft, tx } = stage();
  const before = draft.get(OPEN);
  tx.insert(ranked, { id: "15", status: "open" });
  tx.commit();
  expect(ids(draft.get(OPEN))).toBe("2151");
  expect(before).toEqual([one, two]);
});

describe("one result of a query", () => {
  test("is patched by its collection, and the touched documents are found", () => {
    const { draft, tx } = stage();
    tx.query(scenes, { status: "open" }).patch((list) => list.slice(1));
    expect(tx.query(scenes, { status: "open" }).value).toEqual([two]);
    expect(tx.commit()).toEqual([[OPEN, "1"]]);
    expect(draft.get(OPEN)).toEqual([two]);
  });

  test("is patched by a reference to a function; it is touched as a whole", () => {
    const count = makeFunctionReference<"query", { status: string }, number>("scenes:count");
    const token = queryToken("scenes:count", { status: "open" });
    const { draft } = stage();
    draft.set(token, 2);
    const tx = new Overlay(draft, [], "operation-1", 0);
    tx.query(count, { status: "open" }).patch((value) => value + 1);
    tx.query(count, { status: "done" }).patch(() => 100);
    expect(tx.commit()).toEqual([[token, ""]]);
    expect(draft.get(token)).toBe(3);
  });

  test("cannot be asked of anything else", () => {
    const { tx } = stage();
    expect(() => tx.query({} as typeof scenes, {})).toThrow("invalid_option");
  });
});

test("in development a function that changes what it was given throws", () => {
  const { tx } = stage();
  expect(() =>
    tx.update(scenes, "1", (scene) => {
      (scene as { status: string }).status = "done";
      return scene;
    }),
  ).toThrow(TypeError);
});

test("what an argument says counts only for fields the document has", () => {
  const paged = collection<Scene, { status: string; limit: number }>("paged", { key: "id" });
  const token = queryToken("paged", { status: "open", limit: 5 });
  const draft = new Map<string, unknown>([[token, [one]]]);
  const loaded = [{ token, collection: "paged", args: { status: "open", limit: 5 } }];
  const tx = new Overlay(draft, loaded, "operation-1", 0);
  tx.insert(paged, two);
  tx.commit();
  expect(ids(draft.get(token))).toBe("12");
});

describe("a document without its key", () => {
  const placeholder = "tabweave:operation-1:0";

  function created(names = new Placeholders()): { draft: Map<string, unknown>; tx: Overlay } {
    const { draft } = stage();
    const loaded = [{ token: ALL, collection: "scenes", args: {} }];
    return { draft, tx: new Overlay(draft, loaded, "operation-1", 0, names) };
  }

  test("is inserted under a placeholder, each under another one", () => {
    const { draft, tx } = created();
    expect(tx.insert(scenes, { status: "open" })).toBe(placeholder);
    expect(tx.insert(scenes, { id: "own", status: "open" })).toBe("own");
    expect(tx.insert(scenes, { status: "open" })).toBe("tabweave:operation-1:1");
    expect(tx.get(scenes, placeholder)).toEqual({ id: placeholder, status: "open" });
    tx.commit();
    expect(ids(draft.get(ALL))).toBe(`123${placeholder}owntabweave:operation-1:1`);
  });

  test("is found, changed and taken out by its placeholder once it has an id, and not shown twice", () => {
    const names = new Placeholders();
    names.keys.set("3", placeholder);
    const { draft, tx } = created(names);
    tx.insert(scenes, { status: "open" });
    expect(tx.get(scenes, placeholder)).toBe(three);
    tx.update(scenes, placeholder, { rank: 1 });
    expect(tx.get(scenes, "3")).toEqual({ ...three, rank: 1 });
    expect(tx.commit()).toEqual([[ALL, "3"]]);
    tx.remove(scenes, placeholder);
    tx.commit();
    expect(ids(draft.get(ALL))).toBe("12");
  });

  test("is found by its id as long as only its placeholder is listed", () => {
    const names = new Placeholders();
    names.keys.set("the id", placeholder);
    const { tx } = created(names);
    tx.insert(scenes, { status: "open" });
    tx.update(scenes, "the id", { rank: 1 });
    expect(tx.get(scenes, "the id")).toEqual({ id: placeholder, status: "open", rank: 1 });
  });
});
