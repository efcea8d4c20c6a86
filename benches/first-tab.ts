// The tab that times. The other one only answers.
import { type RowResult, runRow } from "./row.js";
import { announce } from "./rows/announce.js";
import { persist } from "./rows/persist.js";
import { topicRows } from "./rows/topics.js";
import { roleKnown } from "./scribble.js";

const ROWS = [announce, persist, ...topicRows];

declare global {
  interface Window {
    runBenches(): Promise<RowResult[]>;
  }
}

window.runBenches = async () => {
  await roleKnown();
  const results: RowResult[] = [];
  for (const row of ROWS) results.push(await runRow(row));
  return results;
};
