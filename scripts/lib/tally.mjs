// How many tests a suite ran and how they went, read from what its tool reports.

import { readFile } from "node:fs/promises";

/** Counts of the targets of one `cargo test` or `wasm-pack test`; a target without a test is a failure. */
export function cargoTally(lines) {
  const counts = { passed: 0, failed: 0, notes: [] };
  let target = "";
  for (const line of lines) {
    target = line.match(/^\s+Running (.+?)(?: \(|$)/)?.[1] ?? target;
    const result = line.match(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/);
    if (!result) continue;
    const [passed, failed, ignored] = result.slice(1).map(Number);
    counts.passed += passed;
    counts.failed += failed + ignored;
    if (ignored) counts.notes.push(`${ignored} ignored in ${target}`);
    if (passed + failed === 0) {
      counts.failed += 1;
      counts.notes.push(`no test in ${target}`);
    }
  }
  return counts;
}

/** Counts of a script that closes with `N passed, M failed`. */
export function lineTally(lines) {
  const last = lines.findLast((line) => /\b\d+ passed\b/.test(line)) ?? "";
  return {
    passed: Number(last.match(/(\d+) passed/)?.[1] ?? 0),
    failed: Number(last.match(/(\d+) failed/)?.[1] ?? 0),
    notes: [],
  };
}

/** Counts of Node's own test runner. */
export function nodeTally(lines) {
  const count = (word) => {
    const line = lines.findLast((text) => new RegExp(`^\\S+ ${word} \\d+$`).test(text));
    return Number(line?.split(" ").at(-1) ?? 0);
  };
  const left = count("skipped") + count("todo") + count("cancelled");
  return { passed: count("pass"), failed: count("fail") + left, notes: left ? [`${left} skipped`] : [] };
}

export async function vitestTally(_lines, reportFile) {
  const report = await readReport(reportFile);
  const { numPassedTests: passed = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = report;
  const left = numPendingTests + numTodoTests;
  const brokenFiles = (report.testResults ?? []).filter(
    (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
  ).length;
  const notes = [];
  if (left) notes.push(`${left} skipped`);
  if (brokenFiles) notes.push(`${brokenFiles} files could not be run`);
  return { passed, failed: numFailedTests + left + brokenFiles, notes };
}

/** A test that passed at the second attempt only, or was skipped, is not a test that passed. */
export async function playwrightTally(_lines, reportFile) {
  const { stats = {}, errors = [] } = await readReport(reportFile);
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = stats;
  const notes = [];
  if (flaky) notes.push(`${flaky} flaky`);
  if (skipped) notes.push(`${skipped} skipped`);
  return { passed: expected, failed: unexpected + flaky + skipped + errors.length, notes };
}

/** A missing report counts nothing, which the caller takes for a failure. */
async function readReport(file) {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return {};
  }
}
