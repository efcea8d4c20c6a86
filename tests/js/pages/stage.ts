// What the tests of real pages play with: the package itself, a small app, and a server in the page.
import * as tabweave from "tabweave";
import { collection, createTabweave, defineEdit, defineOperation, type TabweaveOptions } from "tabweave";
import { MemorySource } from "./memory-source.js";

export interface Note {
  readonly id: string;
  readonly list: string;
  readonly text: string;
  readonly extra?: unknown;
}

/** One call that reached the "server". */
export interface ServerCall {
  readonly name: string;
  readonly key: string;
  readonly args: unknown;
  readonly attempt: number;
}

type Answer = (call: ServerCall) => unknown;

const notes = collection<Note, { list: string }>("notes", { key: "id" });

/** Calls that reached the server in this page, and what it answers them. */
const server = {
  calls: [] as ServerCall[],
  answer: (() => "done") as Answer,
};

function call(name: string, args: unknown, key: string, attempt: number): unknown {
  const made = { name, key, args, attempt };
  server.calls.push(made);
  return server.answer(made);
}

const rename = defineOperation<{ id: string; text: string }, unknown>("rename", {
  run: ({ args, key, attempt }) => call("rename", args, key, attempt),
  optimistic: (tx, { id, text }) => tx.update(notes, id, { text }),
});

const add = defineOperation<Note, unknown>("add", {
  run: ({ args, key, attempt }) => call("add", args, key, attempt),
  optimistic: (tx, note) => tx.insert(notes, note),
});

/** Gives the note its id, which is the answer, on the server. */
const create = defineOperation<Omit<Note, "id">, string>("create", {
  run: ({ args, key, attempt }) => call("create", args, key, attempt) as string,
  optimistic: (tx, note) => tx.insert(notes, note),
  creates: (id) => id,
});

/** Waits for nothing but what is done to the same note. */
const mark = defineOperation<{ id: string; extra: unknown }, unknown>("mark", {
  run: ({ args, key, attempt }) => call("mark", args, key, attempt),
  optimistic: (tx, { id, extra }) => tx.update(notes, id, { extra }),
  scope: ({ id }) => id,
});

const explode = defineOperation<{ why: unknown }, unknown>("explode", {
  run: ({ args, key, attempt }) => call("explode", args, key, attempt),
  optimistic: (_tx, { why }) => {
    throw why;
  },
});

/** Anything at all, as its argument. */
const keep = defineOperation<unknown, unknown>("keep", {
  run: ({ args, key, attempt }) => call("keep", args, key, attempt),
});

const editNote = defineEdit<Note, { list: string }, unknown>("editNote", {
  document: notes,
  run: ({ id, base, next, changed, key, attempt }) =>
    call("editNote", { id, base, next, changed }, key, attempt),
});

const operations = [rename, add, create, mark, explode, keep, editNote];

function client(options: TabweaveOptions = {}): tabweave.TabweaveClient {
  return createTabweave({ operations, wasm: "tabweave.wasm", ...options });
}

/** A client that leads, over one list with one note in it. */
async function ready(options: TabweaveOptions = {}): Promise<tabweave.TabweaveClient> {
  const source = new MemorySource();
  source.answer("notes", () => [{ id: "1", list: "a", text: "old" }]);
  const made = client({ source, ...options });
  made.subscribe(notes, { list: "a" }, () => {});
  await until(() => texts(made) !== undefined && made.connectivity.getSnapshot().role === "leader");
  return made;
}

/** Resolves once the condition holds; the test's own timeout is its end. */
async function until(condition: () => unknown): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The class of the engine that this page uses. */
async function engineClass(): Promise<{ readonly prototype: object }> {
  const { TabweaveEngine } = await import("../../../pkg/wasm/tabweave.js");
  return TabweaveEngine;
}

/** What became of a promise, as something that leaves the page. */
async function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => ({ value }),
    (error: tabweave.TabweaveError) => ({
      code: error.code,
      message: error.message,
      cause: error.cause instanceof Error ? `${error.cause.name}: ${error.cause.message}` : error.cause,
    }),
  );
}

function texts(of: tabweave.TabweaveClient, list = "a"): string[] | undefined {
  return of.view(notes, { list }).data?.map((note) => note.text);
}

export const stage = {
  ...tabweave,
  MemorySource,
  notes,
  server,
  operations,
  rename,
  add,
  create,
  mark,
  explode,
  keep,
  editNote,
  client,
  engineClass,
  ready,
  until,
  outcome,
  texts,
};

export type Stage = typeof stage;

declare global {
  interface Window {
    readonly stage: Stage;
  }
}

Object.assign(window, { stage });
