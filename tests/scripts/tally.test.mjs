import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { cargoTally, lineTally, nodeTally, playwrightTally, vitestTally } from "../../scripts/lib/tally.mjs";
import { workspace } from "./workspace.mjs";

function counts({ passed, failed }) {
  return [passed, failed];
}

test("cargo: sums its targets; an ignored test and a target without tests are failures", () => {
  const target = "     Running tests/tidy.rs (target/debug/deps/tidy-0)";
  const result = (text) => `test result: ok. ${text}; 0 measured; 0 filtered out; finished in 0.00s`;
  const good = [
    target,
    result("4 passed; 0 failed; 0 ignored"),
    target,
    result("3 passed; 0 failed; 0 ignored"),
  ];
  assert.deepEqual(counts(cargoTally(good)), [7, 0]);
  assert.deepEqual(counts(cargoTally([...good, target, result("1 passed; 2 failed; 1 ignored")])), [8, 3]);
  const empty = cargoTally([...good, target, result("0 passed; 0 failed; 0 ignored")]);
  assert.deepEqual(counts(empty), [7, 1]);
  assert.deepEqual(empty.notes, ["no test in tests/tidy.rs"]);
  assert.deepEqual(counts(cargoTally(["no tests to run!"])), [0, 0]);
});

test("scripts: the last line that counts wins", () => {
  assert.deepEqual(counts(lineTally(["1 passed", "12 passed, 3 failed", "done"])), [12, 3]);
  assert.deepEqual(counts(lineTally(["200 seeds passed"])), [0, 0]);
  assert.deepEqual(counts(lineTally([])), [0, 0]);
});

test("node: a skipped test is a failure", () => {
  const lines = ["ℹ pass 5", "ℹ fail 1", "ℹ cancelled 0", "ℹ skipped 2", "ℹ todo 0"];
  assert.deepEqual(counts(nodeTally(lines)), [5, 3]);
});

test("vitest: skipped tests and files that broke before their tests are failures", async (t) => {
  const report = {
    numPassedTests: 9,
    numFailedTests: 1,
    numPendingTests: 1,
    testResults: [
      { status: "failed", assertionResults: [] },
      { status: "failed", assertionResults: [{ status: "failed" }] },
    ],
  };
  const folder = await workspace(t, { "report.json": JSON.stringify(report) });
  assert.deepEqual(counts(await vitestTally([], join(folder, "report.json"))), [9, 3]);
  assert.deepEqual(counts(await vitestTally([], join(folder, "missing.json"))), [0, 0]);
});

test("playwright: flaky and skipped tests are failures", async (t) => {
  const report = { stats: { expected: 6, unexpected: 1, flaky: 1, skipped: 1 }, errors: [{}] };
  const folder = await workspace(t, { "report.json": JSON.stringify(report) });
  assert.deepEqual(counts(await playwrightTally([], join(folder, "report.json"))), [6, 4]);
});
