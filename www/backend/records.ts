// The file in which the backend keeps what it promised: documents, time, and answered requests.
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { JSONValue } from "convex/values";
import type { Snapshot } from "./snapshot.js";

/** A mutation that was committed: a resend of the same request is answered from here. */
export type AnsweredRequest = { session: string; request: number; result: JSONValue; ts: string };

export type Records = Snapshot & {
  format: 1;
  /** The timestamp of the last commit, in decimal. */
  ts: string;
  answered: AnsweredRequest[];
};

/** Answers `null` when there is no such file yet. */
export async function readRecords(path: string): Promise<Records | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const records = JSON.parse(text) as Records;
  if (records.format !== 1) throw new Error(`format ${records.format} is unknown`);
  return records;
}

/** Replaces the file as a whole: whoever is killed at any moment leaves the old or the new one. */
export async function writeRecords(path: string, records: Records): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.tmp`;
  const file = await open(unfinished, "w");
  try {
    await file.writeFile(JSON.stringify(records));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  await syncDirectory(dirname(path));
}

async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open a directory, and does not need to.
  if (process.platform === "win32") return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
