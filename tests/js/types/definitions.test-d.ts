import {
  type Collection,
  ConflictError,
  type CurrentDocument,
  collection,
  createTabweave,
  defineEdit,
  defineOperation,
  type Edit,
  type MutationHandle,
  type Operation,
  placeholderOf,
  type QuerySnapshot,
  type TabweaveErrorCode,
} from "tabweave";
import { describe, expectTypeOf, test } from "vitest";
import type * as binding from "../../../pkg/src/engine/binding.js";
import type {
  DiagnosticCode,
  EngineOutcome,
  EngineRefusal,
  EngineStatus,
  EngineView,
  FailureCode,
  JournalRecord,
  OperationRecord,
  TabweaveEngine,
} from "../../../pkg/wasm/tabweave.js";

interface Note {
  readonly id: string;
  readonly text: string;
  readonly rank?: number;
  readonly tags: string[];
}

const notes = collection<Note, { list: string }>("notes", { key: "id" });
const client = createTabweave();

describe("a collection", () => {
  test("has a key among the fields that can be one, or a function", () => {
    collection<Note>("notes", { key: "text" });
    collection<Note>("notes", { key: (note) => note.tags.join() });
    // @ts-expect-error a list is no key
    collection<Note>("notes", { key: "tags" });
    // @ts-expect-error no such field
    collection<Note>("notes", { key: "name" });
  });

  test("types what a query shows", () => {
    expectTypeOf(client.view(notes, { list: "a" })).toEqualTypeOf<QuerySnapshot<Note[]>>();
    // @ts-expect-error arguments are needed
    client.view(notes);
    // @ts-expect-error other arguments
    client.view(notes, { lists: "a" });
    client.view(collection<Note>("all", { key: "id" }));
    const snapshot = client.view(notes, { list: "a" });
    if (snapshot.status === "success") expectTypeOf(snapshot.data).toEqualTypeOf<Note[]>();
    if (snapshot.status === "pending") expectTypeOf(snapshot.data).toEqualTypeOf<undefined>();
  });
});

describe("an operation", () => {
  const rename = defineOperation<{ id: string; text: string }, number>("rename", {
    run: ({ args, key, attempt, signal }) => {
      expectTypeOf(args).toEqualTypeOf<{ id: string; text: string }>();
      expectTypeOf(key).toEqualTypeOf<string>();
      expectTypeOf(attempt).toEqualTypeOf<number>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      return args.text.length;
    },
    optimistic: (tx, { id, text }) => {
      tx.update(notes, id, { text });
      tx.update(notes, id, (note) => {
        expectTypeOf(note).toEqualTypeOf<Note>();
        return { ...note, text };
      });
      // @ts-expect-error no such field
      tx.update(notes, id, { name: text });
      // @ts-expect-error a field is missing
      tx.insert(notes, { id, text });
      expectTypeOf(tx.get(notes, id)).toEqualTypeOf<Note | undefined>();
      tx.query(notes, { list: "a" }).patch((list) => {
        expectTypeOf(list).toEqualTypeOf<Note[]>();
        return list;
      });
      // @ts-expect-error other arguments
      tx.query(notes, { lists: "a" });
    },
    scope: ({ id }) => id,
  });

  test("is called with its arguments and settles with its result", () => {
    expectTypeOf(rename).toEqualTypeOf<Operation<{ id: string; text: string }, number>>();
    expectTypeOf(client.mutate(rename, { id: "1", text: "a" })).toEqualTypeOf<MutationHandle<number>>();
    // @ts-expect-error an argument is missing
    client.mutate(rename, { id: "1" });
    // @ts-expect-error an argument too many
    client.mutate(rename, { id: "1", text: "a", more: 1 });
    // @ts-expect-error arguments are needed
    client.mutate(rename);
  });

  test("without needed arguments is called without them", () => {
    const stop = defineOperation("stop", { run: () => "stopped" });
    client.mutate(stop);
    const all = defineOperation<{ of?: string }, null>("all", { run: () => null });
    expectTypeOf(client.mutate(all)).toEqualTypeOf<MutationHandle<null>>();
    client.mutate(all, { of: "a" });
    // @ts-expect-error no such argument
    client.mutate(all, { off: "a" });
  });

  test("of any type can be registered", () => {
    client.register(rename, edit);
    createTabweave({ operations: [rename, edit] });
    // @ts-expect-error not a definition
    client.register({ name: "rename" });
  });

  test("that is synchronous is asked for", () => {
    // What is returned is ignored by the types, as everywhere in JavaScript; the client throws.
    defineOperation("late", { run: () => 1, optimistic: async () => {} });
  });
});

const edit = defineEdit<Note, { list: string }, boolean>("edit", {
  document: notes,
  run: ({ id, base, next, changed }) => {
    expectTypeOf(id).toEqualTypeOf<string>();
    expectTypeOf(base).toEqualTypeOf<Note>();
    expectTypeOf(next).toEqualTypeOf<Note>();
    expectTypeOf(changed).toEqualTypeOf<ReadonlyArray<"id" | "text" | "rank" | "tags">>();
    return true;
  },
});

test("a conflict may say what the server holds: the document, or that there is none", () => {
  expectTypeOf<ConflictError["current"]>().toEqualTypeOf<CurrentDocument | undefined>();
  new ConflictError();
  new ConflictError({ document: { id: "1" } }, { cause: new Error("409") });
  // @ts-expect-error it is removed, or it is there
  new ConflictError({ removed: false });
  // @ts-expect-error nothing does not say which
  new ConflictError(null);
  const run = () => true;
  const current = { removed: true } as const;
  defineEdit<Note, { list: string }>("a", {
    document: notes,
    run,
    classify: () => ({ kind: "conflict", current }),
  });
  defineEdit<Note, { list: string }>("b", {
    document: notes,
    run,
    // @ts-expect-error it is no document by itself
    classify: () => ({ kind: "conflict", current: { id: "1" } }),
  });
});

test("an edit is called with the whole document", () => {
  expectTypeOf(edit).toEqualTypeOf<Edit<Note, { list: string }, boolean>>();
  const next: Note = { id: "1", text: "a", tags: [] };
  expectTypeOf(client.mutate(edit, { id: "1", next })).toEqualTypeOf<MutationHandle<boolean>>();
  client.mutate(edit, { id: "1", next, args: { list: "a" } });
  // @ts-expect-error a field is missing
  client.mutate(edit, { id: "1", next: { id: "1", text: "a" } });
  // @ts-expect-error arguments of another query
  client.mutate(edit, { id: "1", next, args: { lists: "a" } });
});

test("the engine is what the package takes it for", () => {
  expectTypeOf<JournalRecord>().toExtend<binding.JournalRecord>();
  expectTypeOf<binding.JournalRecord>().toExtend<JournalRecord>();
  expectTypeOf<OperationRecord>().toExtend<binding.OperationRecord>();
  expectTypeOf<EngineStatus>().toExtend<binding.EngineStatus>();
  expectTypeOf<EngineView>().toExtend<binding.EngineView>();
  expectTypeOf<EngineOutcome>().toExtend<binding.EngineOutcome>();
  type Told = NonNullable<Extract<EngineOutcome, { kind: "conflict" }>["current"]>;
  expectTypeOf<CurrentDocument>().toExtend<Told>();
  expectTypeOf<TabweaveEngine>().toExtend<binding.EngineObject>();
  expectTypeOf<typeof TabweaveEngine>().toExtend<binding.EngineClass>();
});

test("every code of the engine has its place in ERRORS.md", () => {
  expectTypeOf<DiagnosticCode | FailureCode>().toExtend<TabweaveErrorCode>();
  expectTypeOf<
    Exclude<EngineRefusal["code"], "closed" | "duplicate" | "invalid_argument">
  >().toExtend<TabweaveErrorCode>();
});

describe("a document whose key the server makes", () => {
  const create = defineOperation<{ text: string }, { id: string }>("create", {
    run: ({ args }) => ({ id: args.text }),
    optimistic: (tx, { text }) => {
      expectTypeOf(tx.insert(notes, { text, tags: [] })).toEqualTypeOf<string>();
      // @ts-expect-error only the key may be missing
      tx.insert(notes, { text });
      // @ts-expect-error `text` is not the key
      tx.insert(notes, { id: "1", tags: [] });
      const byText = collection<Note, void, "text">("by text", { key: "text" });
      tx.insert(byText, { id: "1", tags: [] });
      // A collection whose key nobody named takes whole documents.
      tx.insert(notes as Collection<Note, { list: string }>, { id: "1", text, tags: [] });
      // @ts-expect-error the key is missing
      tx.insert(notes as Collection<Note, { list: string }>, { text, tags: [] });
    },
    creates: (result) => {
      expectTypeOf(result).toEqualTypeOf<{ id: string }>();
      return result.id;
    },
  });

  test("has a placeholder at once", () => {
    const handle = client.mutate(create, { text: "a" });
    expectTypeOf(handle.placeholder).toEqualTypeOf<string>();
    expectTypeOf(client.keyOf(handle.placeholder)).toEqualTypeOf<string>();
    expectTypeOf(placeholderOf(handle.id, 1)).toEqualTypeOf<string>();
  });

  test("is told by an id, or by several", () => {
    const run = () => [1, 2];
    defineOperation<void, number[]>("many", { run, creates: (ids) => ids });
    // @ts-expect-error that is no id
    defineOperation<void, number[]>("many", { run, creates: () => ({}) });
  });
});
