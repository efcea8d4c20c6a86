import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { Site } from "./site.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const site = Site.forThisFile("merging.ts");

/** Runs the merges of a file in a page, where its text is read: what brings values to a page loses `__proto__`. */
async function failuresIn(file: string, casesMin: number): Promise<string[]> {
  const text = await readFile(file, "utf8");
  expect((JSON.parse(text) as unknown[]).length).toBeGreaterThanOrEqual(casesMin);
  const page = await site.page();
  return page.evaluate((given) => window.merging.failures(given), text);
}

test("every hand-written merge comes to what is written", async () => {
  expect(await failuresIn(join(root, "tests/merge-cases.json"), 60)).toEqual([]);
});

// The native merges are compiled for it, if nothing was yet.
const COMPILE_MS = 10 * 60_000;

test("merges of any documents come to what they come to natively", { timeout: COMPILE_MS }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "tabweave-merges-"));
  try {
    const file = join(folder, "merges.json");
    const wanted = ["test", "--quiet", "--test", "differential", "--", "--write", file];
    await promisify(execFile)("cargo", wanted, { cwd: root });
    expect(await failuresIn(file, 4_000)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
