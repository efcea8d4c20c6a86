// npm test [-- --only NAME,NAME] [-- --list]: everything that decides whether a change is good.

import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { run } from "./lib/child.mjs";
import { inRoot, root, scratch } from "./lib/place.mjs";
import { seconds, step } from "./lib/step.mjs";
import { runScript, Stop } from "./lib/stop.mjs";
import { reportFile, suites } from "./lib/suites.mjs";
import { prepare } from "./prepare.mjs";

const tailLines = 150;

function readOptions(args) {
  try {
    const options = { only: { type: "string", multiple: true }, list: { type: "boolean" } };
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new Stop(error.message.split("\n")[0]);
  }
}

function choose(only) {
  if (!only) return suites;
  const names = only.flatMap((text) => text.split(","));
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    throw new Stop(`no suite is called ${unknown.join(", ")}: npm test -- --list shows them all`);
  }
  return suites.filter((suite) => names.includes(suite.name));
}

/** Runs one suite to its end, whatever happens, and shows what it printed only if it failed. */
async function runSuite(suite) {
  const startedMs = performance.now();
  const outcome = await step(suite.name, (note) => observe(suite, note)).catch((error) => {
    if (error instanceof Stop) return { ...error.counts, failure: error.message, tail: error.tail };
    throw error;
  });
  for (const line of outcome.tail ?? []) console.log(`    ${line}`);
  for (const text of [outcome.failure, ...outcome.notes].filter(Boolean)) console.log(`    ${text}`);
  return { name: suite.name, took: seconds(startedMs), ...outcome };
}

async function observe(suite, note) {
  if (!existsSync(inRoot(suite.needs))) throw failure(suite, `${suite.needs} does not exist`);
  await mkdir(join(scratch, "reports"), { recursive: true });
  await rm(reportFile(suite.name), { force: true });
  const [command, ...args] = suite.command();
  const { env, timeoutMs } = suite;
  const ended = await run(command, args, {
    cwd: root,
    env,
    timeoutMs,
    onLine: (line) => note(line.trim().slice(0, 90)),
  });

  const log = join(scratch, "logs", `${suite.name}.log`);
  await mkdir(join(scratch, "logs"), { recursive: true });
  await writeFile(log, `${ended.lines.join("\n")}\n`);
  const counts = await suite.tally(ended.lines, reportFile(suite.name));
  const tail = ended.lines.slice(-tailLines);
  if (ended.code !== 0) throw failure(suite, `${ended.why}; all of it: ${log}`, { counts, tail });
  if (counts.failed > 0) throw failure(suite, `some tests failed; all of it: ${log}`, { counts, tail });
  if (counts.passed === 0) throw failure(suite, "ran no test", { counts, tail });
  return counts;
}

/** A suite that failed without a failed test of its own still counts as one. */
function failure(suite, reason, { counts = { passed: 0, failed: 0, notes: [] }, tail = [] } = {}) {
  const stop = new Stop(`${suite.name}: ${reason}`, { tail });
  stop.counts = { ...counts, failed: Math.max(1, counts.failed) };
  return stop;
}

function printTable(results) {
  const row = (...cells) =>
    console.log(
      `  ${cells[0].padEnd(12)}${cells
        .slice(1)
        .map((it) => it.padStart(10))
        .join("")}`,
    );
  console.log("");
  row("suite", "passed", "failed", "time");
  for (const { name, passed, failed, took } of results) row(name, String(passed), String(failed), took);
  console.log("");
}

function total(results, key) {
  return results.reduce((sum, result) => sum + result[key], 0);
}

await runScript(import.meta.url, async (args) => {
  const options = readOptions(args);
  if (options.list) {
    for (const { name, about } of suites) console.log(`${name.padEnd(12)}${about}`);
    return 0;
  }
  const startedMs = performance.now();
  const chosen = choose(options.only);
  await prepare({ browser: chosen.some((suite) => suite.browser), lint: chosen.some((suite) => suite.lint) });
  const results = [];
  if (chosen.some((suite) => suite.built)) {
    const buildMs = performance.now();
    // Without the product nothing that follows would mean anything.
    await build();
    results.push({ name: "build", passed: 1, failed: 0, took: seconds(buildMs) });
  }
  for (const suite of chosen) results.push(await runSuite(suite));

  printTable(results);
  const failed = total(results, "failed");
  const bad = results.filter((result) => result.failed > 0).map((result) => result.name);
  console.log(
    bad.length > 0 ? `failed: ${bad.join(", ")}` : `all ${results.length} suites in ${seconds(startedMs)}`,
  );
  console.log(`${total(results, "passed")} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
