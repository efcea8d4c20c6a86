// The tab that times. The other one only answers.

import { client } from "./client.js";
import { type RowResult, runRow } from "./row.js";
import { announce } from "./rows/announce.js";
import { drainRows } from "./rows/drain.js";
import { enqueueRows } from "./rows/enqueue.js";
import { mergeRows } from "./rows/merge.js";
import { mutate } from "./rows/mutate.js";
import { startUpRows } from "./rows/start-up.js";
import { topicRows } from "./rows/topics.js";
import { roleKnown } from "./scribble.js";

const ROWS = [announce, ...enqueueRows, mutate, ...startUpRows, ...drainRows, ...topicRows, ...mergeRows];

declare global {
  interface Window {
    /** Runs the rows whose names contain this text. */
    runBenches(only: string): Promise<RowResult[]>;
  }
}

window.runBenches = async (only) => {
  await roleKnown(client);
  const results: RowResult[] = [];
  for (const row of ROWS) {
    if (row.name.includes(only)) results.push(await runRow(row));
  }
  return results;
};
