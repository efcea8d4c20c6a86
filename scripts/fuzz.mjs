// npm run fuzz -- [target] [--seconds N] [--runs N]: targets of tests/fuzz with bytes that the fuzzer learns, each for so
// long, or so many times.
// What one fails with is cut down, and printed as the line that keeps it.

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { launch } from "./lib/child.mjs";
import { fuzzTool } from "./lib/pins.mjs";
import { inRoot, root, sharedCache } from "./lib/place.mjs";
import { runScript, Stop } from "./lib/stop.mjs";
import { toolFolder } from "./lib/tool.mjs";
import { prepare } from "./prepare.mjs";

const secondsUsual = 60;
/** Longer scripts show nothing that shorter ones do not. */
const lengthMax = 4096;
/** Attempts to make what a target failed with smaller. */
const cutsMax = 20_000;

function readOptions(args, targets) {
  try {
    const options = { seconds: { type: "string", default: String(secondsUsual) }, runs: { type: "string" } };
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const seconds = Number(values.seconds);
    if (!(seconds > 0)) throw new Error(`--seconds wants a number, not ${values.seconds}`);
    const runs = values.runs === undefined ? undefined : Number(values.runs);
    if (runs !== undefined && !(runs > 0)) throw new Error(`--runs wants a number, not ${values.runs}`);
    const unknown = positionals.filter((name) => !targets.includes(name));
    if (unknown.length > 0)
      throw new Error(`no target is called ${unknown.join(", ")}: ${targets.join(", ")}`);
    return { seconds, runs, chosen: positionals.length > 0 ? positionals : targets };
  } catch (error) {
    throw new Stop(error.message.split("\n")[0]);
  }
}

/** Has cargo-fuzz do something; what it prints is shown as it comes. */
async function cargoFuzz(...args) {
  // Stable Rust has no sanitizers, and there is no unsafe code for them to watch.
  const onLine = (line) => console.log(line);
  const { code } = await launch("cargo", ["fuzz", ...args], { cwd: root, onLine }).ended;
  return code;
}

/** What the target once failed with is where the fuzzer begins. */
async function giveFound(target, corpus) {
  await mkdir(corpus, { recursive: true });
  const lines = (await readFile(inRoot("tests/fuzz/found.txt"), "utf8")).split("\n");
  const words = lines.map((line) => line.split(" ")).filter(([name]) => name === target);
  for (const [at, [, hex]] of words.entries()) {
    await writeFile(join(corpus, `found-${at}`), Buffer.from(hex, "hex"));
  }
}

async function files(folder) {
  return (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
}

/** True if nothing was found. */
async function fuzz(target, seconds, runs) {
  const artifacts = inRoot("fuzz/artifacts", target);
  await rm(artifacts, { recursive: true, force: true });
  const corpus = inRoot("fuzz/corpus", target);
  await giveFound(target, corpus);
  console.log(`\n${target}, ${runs === undefined ? `for ${seconds} s` : `${runs} times`}`);
  const limits = [
    runs === undefined ? `-max_total_time=${seconds}` : `-runs=${runs}`,
    `-max_len=${lengthMax}`,
    "-timeout=10",
    "-print_final_stats=1",
  ];
  if ((await cargoFuzz("run", "-s", "none", target, corpus, "--", ...limits)) === 0) return true;
  const [failing] = await files(artifacts);
  if (failing === undefined) throw new Stop(`${target} ended without a word on what it failed with`);
  await cargoFuzz("tmin", "-s", "none", "-r", String(cutsMax), target, failing);
  const attempts = await Promise.all((await files(artifacts)).map((file) => readFile(file)));
  const hex = attempts.sort((one, other) => one.length - other.length)[0].toString("hex");
  console.log(`keep it: a line “${target} ${hex} why it failed” in tests/fuzz/found.txt`);
  return false;
}

await runScript(import.meta.url, async (args) => {
  const targets = (await files(inRoot("fuzz/fuzz_targets"))).map((file) => file.match(/(\w+)\.rs$/)[1]);
  const { seconds, runs, chosen } = readOptions(args, targets);
  await prepare();
  const folder = await toolFolder(fuzzTool, join(sharedCache(), "tools"));
  if (folder !== undefined) process.env.PATH = `${folder}${delimiter}${process.env.PATH}`;
  let isSound = true;
  for (const target of chosen) isSound = (await fuzz(target, seconds, runs)) && isSound;
  return isSound ? 0 : 1;
});
