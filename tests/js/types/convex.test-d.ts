import { ConvexReactClient } from "convex/react";
import { type FunctionReference, makeFunctionReference } from "convex/server";
import type { GenericId } from "convex/values";
import { type Collection, createTabweave, type Edit, type MutationHandle, type Operation } from "tabweave";
import {
  type CallerArgs,
  convexAction,
  convexCollection,
  convexEdit,
  convexOperation,
  convexSource,
  type TakesKey,
} from "tabweave/convex";
import { expectTypeOf, test } from "vitest";
import { api as demo } from "../../../www/convex/_generated/api.js";
import type { Doc, Id } from "../../../www/convex/_generated/dataModel.js";
import { api } from "../convex/app.js";

type Note = { _id: GenericId<"notes">; _creationTime: number; list: string; text: string; count: bigint };

const notes = convexCollection(api.notes.list, { key: "_id" });
const client = createTabweave();
const id = "1" as GenericId<"notes">;

test("a collection has its documents and arguments from the reference", () => {
  expectTypeOf(notes).toEqualTypeOf<Collection<Note, { list: string }, "_id">>();
  // @ts-expect-error no such field
  convexCollection(api.notes.list, { key: "id" });
  // @ts-expect-error a bigint is no key
  convexCollection(api.notes.list, { key: "count" });
  // @ts-expect-error not a query
  convexCollection(api.notes.add, { key: "_id" });
  const interactions = convexCollection(demo.interactions.list, { key: "_id" });
  expectTypeOf(client.view(interactions, { campaignId: "c" as Id<"campaigns"> }).data).toEqualTypeOf<
    Doc<"interactions">[] | undefined
  >();
});

test("an operation hides the key, and has its types from the reference", () => {
  const add = convexOperation(api.notes.add, {
    optimistic: (tx, args) => {
      expectTypeOf(args).toEqualTypeOf<{ list: string; text: string }>();
      tx.insert(notes, { _id: tx.id as GenericId<"notes">, _creationTime: tx.now, count: 0n, ...args });
      // The server makes the key.
      tx.insert(notes, { _creationTime: tx.now, count: 0n, ...args });
      // @ts-expect-error it makes nothing else
      tx.insert(notes, { _id: tx.id as GenericId<"notes">, count: 0n, ...args });
      tx.query(api.notes.total, {}).patch((total) => {
        expectTypeOf(total).toEqualTypeOf<number>();
        return total + 1;
      });
      tx.query(api.notes.list, { list: args.list }).patch((list) => {
        expectTypeOf(list).toEqualTypeOf<Note[]>();
        return list;
      });
      // @ts-expect-error other arguments
      tx.query(api.notes.list, { of: args.list });
    },
    creates: (id) => {
      expectTypeOf(id).toEqualTypeOf<GenericId<"notes">>();
      return id;
    },
    scope: ({ list }) => list,
  });
  expectTypeOf(add).toEqualTypeOf<Operation<{ list: string; text: string }, GenericId<"notes">>>();
  expectTypeOf(client.mutate(add, { list: "a", text: "b" })).toEqualTypeOf<
    MutationHandle<GenericId<"notes">>
  >();
  // @ts-expect-error the key is nobody's business
  client.mutate(add, { list: "a", text: "b", idempotencyKey: "k" });
});

test("a mutation that takes no key must be said to run more than once", () => {
  expectTypeOf(convexOperation(api.notes.count, { once: false })).toEqualTypeOf<
    Operation<{ id: GenericId<"notes"> }, bigint>
  >();
  // @ts-expect-error once: false is missing
  convexOperation(api.notes.count);
  // @ts-expect-error once: false is missing
  convexOperation(api.notes.count, {});
  // @ts-expect-error it cannot run once
  convexOperation(api.notes.count, { once: true });
  convexOperation(api.notes.add);
  convexOperation(api.notes.add, { once: false });
  // @ts-expect-error not a mutation
  convexOperation(api.notes.list);
});

test("an action is an operation, and one that takes no key must be said to", () => {
  const run = convexAction(api.errands.run, {
    optimistic: (_tx, args) => expectTypeOf(args).toEqualTypeOf<{ text: string }>(),
    scope: ({ text }) => text,
  });
  expectTypeOf(run).toEqualTypeOf<Operation<{ text: string }, number>>();
  convexAction(api.errands.run);
  convexAction(api.errands.run, { keyed: false });
  convexAction(api.errands.fail, { keyed: false });
  // @ts-expect-error keyed: false is missing
  convexAction(api.errands.fail);
  // @ts-expect-error it takes no key
  convexAction(api.errands.fail, { keyed: true });
  // @ts-expect-error not an action
  convexAction(api.notes.add);
  // @ts-expect-error not a mutation
  convexOperation(api.errands.run);
});

test("an edit makes the mutation's arguments of the document", () => {
  const edit = convexEdit(api.notes.edit, {
    document: notes,
    args: ({ id: key, base, next, changed }) => {
      expectTypeOf(key).toEqualTypeOf<string>();
      expectTypeOf(base).toEqualTypeOf<Note>();
      expectTypeOf(changed).toEqualTypeOf<ReadonlyArray<keyof Note>>();
      return { id: base._id, text: next.text };
    },
  });
  expectTypeOf(edit).toEqualTypeOf<Edit<Note, { list: string }, null>>();
  const next: Note = { _id: id, _creationTime: 0, list: "a", text: "b", count: 0n };
  expectTypeOf(client.mutate(edit, { id, next })).toEqualTypeOf<MutationHandle<null>>();
  // @ts-expect-error the text is missing
  convexEdit(api.notes.edit, { document: notes, args: ({ base }) => ({ id: base._id }) });
});

test("arguments keep their shape without the key", () => {
  type Either =
    | { kind: "a"; a: number; idempotencyKey?: string }
    | { kind: "b"; b: string; idempotencyKey?: string };
  type Keyed<Args extends Record<string, unknown>> = FunctionReference<"mutation", "public", Args, null>;
  expectTypeOf<CallerArgs<Keyed<Either>>>().toEqualTypeOf<
    { kind: "a"; a: number } | { kind: "b"; b: string }
  >();
  expectTypeOf<CallerArgs<Keyed<{ idempotencyKey?: string }>>>().toEqualTypeOf<Record<never, never>>();
  expectTypeOf<CallerArgs<Keyed<{ a?: number; idempotencyKey?: string }>>>().toEqualTypeOf<{ a?: number }>();
  expectTypeOf<TakesKey<Keyed<Either>>>().toEqualTypeOf<true>();
  expectTypeOf<TakesKey<Keyed<Record<string, never>>>>().toEqualTypeOf<false>();
  const bare = convexOperation(makeFunctionReference<"mutation", { idempotencyKey?: string }, null>("a:b"));
  client.mutate(bare);
});

test("the client of an app fits, and so does its outcomes query", () => {
  const convex = new ConvexReactClient("https://happy-otter-123.convex.cloud");
  createTabweave({ source: convexSource(convex, { outcomes: api.tabweave.outcomes }) });
  createTabweave({ source: convexSource(convex) });
  convexSource(convex, {
    outcomes: api.tabweave.outcomes,
    close: api.tabweave.close,
    requireAuth: () => true,
    createConvexClient: () => convex,
  });
  // @ts-expect-error another query
  convexSource(convex, { outcomes: api.notes.list });
  // @ts-expect-error another mutation
  convexSource(convex, { close: api.notes.add });
});
