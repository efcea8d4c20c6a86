// Takes the documents out of convex-test and puts them back, ids and creation times included.
import type { GenericDocument } from "convex/server";
import { convexToJson, type JSONValue, jsonToConvex } from "convex/values";
import type { Functions } from "./functions.js";

export type Snapshot = {
  /** Every document, oldest first, with its `_id` and `_creationTime`. */
  documents: JSONValue[];
  /** No id below this number is given out again, even if its document is gone. */
  nextCounter: number;
};

type Document = GenericDocument & { _id: string; _creationTime: number };
type Writer = {
  query(table: string): { collect(): Promise<Document[]> };
  insert(table: string, fields: GenericDocument): Promise<string>;
  delete(id: string): Promise<void>;
};

/** convex-test makes ids of a counter that starts here, then the name of the table. */
const FIRST_COUNTER = 10_000;

/** Stands in for documents that are gone, so that the counter runs on as it did. */
const GAP_TABLE = "tabweaveGap";

export async function take(functions: Functions, nextCounter: number): Promise<Snapshot> {
  const found: Document[] = [];
  await functions.database.run(async (ctx) => {
    const db = ctx.db as unknown as Writer;
    for (const table of functions.tables) found.push(...(await db.query(table).collect()));
  });
  found.sort((a, b) => counterOf(a._id) - counterOf(b._id));
  const last = found.at(-1);
  return {
    documents: found.map((document) => convexToJson(document)),
    nextCounter: last === undefined ? nextCounter : Math.max(nextCounter, counterOf(last._id) + 1),
  };
}

export async function putBack(functions: Functions, snapshot: Snapshot): Promise<void> {
  const documents = snapshot.documents.map((json) => jsonToConvex(json) as Document);
  await functions.database.run(async (ctx) => {
    const db = ctx.db as unknown as Writer;
    const gaps: string[] = [];
    let counter = FIRST_COUNTER;
    let now = 0;
    // convex-test keeps this clock to this one transaction.
    globalThis.Date = class extends Date {
      static override now() {
        return now;
      }
    } as DateConstructor;
    for (const { _id, _creationTime, ...fields } of documents) {
      for (; counter < counterOf(_id); counter += 1) gaps.push(await db.insert(GAP_TABLE, {}));
      now = _creationTime;
      const id = await db.insert(_id.replace(/^\d+/, ""), fields);
      if (id !== _id) throw new Error(`document ${_id} came back as ${id}`);
      counter += 1;
    }
    for (; counter < snapshot.nextCounter; counter += 1) gaps.push(await db.insert(GAP_TABLE, {}));
    for (const gap of gaps) await db.delete(gap);
  });
}

function counterOf(id: string): number {
  const digits = /^\d+/.exec(id);
  if (digits === null) throw new Error(`id ${id} does not start with a counter`);
  return Number(digits[0]);
}
