import {
  type CallOptions,
  collection,
  defineEdit,
  defineOperation,
  type MutationHandle,
  type TabweaveError,
} from "tabweave";
import { useCollection, useDocument, useOperation, useOutbox } from "tabweave/react";
import { expectTypeOf, test } from "vitest";

interface Note {
  readonly id: string;
  readonly text: string;
}

const notes = collection<Note, { list: string }>("notes", { key: "id" });
const rename = defineOperation<{ id: string; text: string }, number>("rename", { run: () => 1 });
const edit = defineEdit<Note, { list: string }, boolean>("edit", { document: notes, run: () => true });

test("useCollection", () => {
  const plain = useCollection(notes, { list: "a" });
  expectTypeOf(plain.data).toEqualTypeOf<readonly Note[] | undefined>();
  expectTypeOf(plain.status).toEqualTypeOf<"pending" | "success" | "error">();
  expectTypeOf(plain.error).toEqualTypeOf<TabweaveError | undefined>();
  expectTypeOf(plain.isPending).toEqualTypeOf<(document: Note) => boolean>();
  expectTypeOf(useCollection(notes, "skip").data).toEqualTypeOf<readonly Note[] | undefined>();
  expectTypeOf(useCollection(notes, { list: "a" }, { initialData: [] }).data).toEqualTypeOf<
    readonly Note[]
  >();
  const length = useCollection(notes, { list: "a" }, { select: (list) => list.length });
  expectTypeOf(length.data).toEqualTypeOf<number | undefined>();
  const sure = useCollection(notes, { list: "a" }, { select: (list) => list.length, initialData: [] });
  expectTypeOf(sure.data).toEqualTypeOf<number>();
  // @ts-expect-error other arguments
  useCollection(notes, { lists: "a" });
  // @ts-expect-error arguments are needed
  useCollection(notes);
});

test("useDocument", () => {
  const plain = useDocument(notes, { list: "a" }, "1");
  expectTypeOf(plain.data).toEqualTypeOf<Note | undefined>();
  expectTypeOf(plain.isPending).toEqualTypeOf<boolean>();
  const text = useDocument(notes, { list: "a" }, "1", { select: (note) => note.text });
  expectTypeOf(text.data).toEqualTypeOf<string | undefined>();
});

test("useOperation", () => {
  const { mutate, mutateAsync, data, error, status } = useOperation(rename);
  expectTypeOf(mutate).toEqualTypeOf<
    (args: { id: string; text: string }, options?: CallOptions) => MutationHandle<number>
  >();
  expectTypeOf(mutateAsync).toEqualTypeOf<
    (args: { id: string; text: string }, options?: CallOptions) => Promise<number>
  >();
  expectTypeOf(data).toEqualTypeOf<number | undefined>();
  expectTypeOf(error).toEqualTypeOf<TabweaveError | undefined>();
  expectTypeOf(status).toEqualTypeOf<"idle" | "pending" | "success" | "error">();
  const editing = useOperation(edit);
  expectTypeOf(editing.mutate({ id: "1", next: { id: "1", text: "a" } })).toEqualTypeOf<
    MutationHandle<boolean>
  >();
  // @ts-expect-error the document is missing
  editing.mutate({ id: "1" });
  const stop = useOperation(defineOperation("stop", { run: () => 1 }));
  stop.mutate();
});

test("useOutbox", () => {
  const { operations } = useOutbox();
  expectTypeOf(operations[0]?.error).toEqualTypeOf<TabweaveError | undefined>();
  expectTypeOf(operations[0]?.args).toEqualTypeOf<unknown>();
});
