// The suites of `npm test`, from the quick to the slow. A suite names the file without which it
// cannot run; one that is missing is a failure, for somebody deleted tests.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { inRoot, scratch } from "./place.mjs";
import { cargoTally, lineTally, nodeTally, playwrightTally, vitestTally } from "./tally.mjs";

const minuteMs = 60_000;

/** Where a suite's tool leaves its report for the tally. */
export function reportFile(name) {
  return join(scratch, "reports", `${name}.json`);
}

function vitest(name, about) {
  const config = `tests/${name}/vitest.config.ts`;
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile(name)}`];
  return {
    name,
    about,
    needs: config,
    built: true,
    command: () => ["vitest", "run", "--config", config, ...reporters],
    tally: vitestTally,
  };
}

function script(name, about, path, ...args) {
  return { name, about, needs: path, command: () => [process.execPath, path, ...args], tally: lineTally };
}

/** Node 20 takes no pattern and Node 22 no folder. */
function testsIn(folder) {
  const names = readdirSync(inRoot(folder)).filter((name) => name.endsWith(".test.mjs"));
  return names.map((name) => join(folder, name));
}

export const suites = [
  {
    name: "scripts",
    about: "the scripts behind npm start and npm test",
    needs: "tests/scripts",
    command: () => [process.execPath, "--test", "--test-reporter=spec", ...testsIn("tests/scripts")],
    tally: nodeTally,
  },
  {
    ...script("lint", "format, clippy, unused code", "scripts/lint.mjs", "--no-types"),
    lint: true,
    built: true,
  },
  { ...script("types", "every TypeScript project", "scripts/types.mjs"), built: true },
  {
    name: "rust",
    about: "engine: unit and property tests, stories, the fuzzer's targets; tidy",
    needs: "tests/property/main.rs",
    command: () => {
      const targets = ["property", "stories", "fuzz", "tidy"];
      return ["cargo", "test", "--lib", ...targets.flatMap((name) => ["--test", name])];
    },
    tally: cargoTally,
  },
  script("docs", "the Rust manual builds and its examples run", "scripts/docs.mjs"),
  {
    name: "sim",
    about: "simulated tabs, server and failures",
    needs: "tests/sim/main.rs",
    command: () => {
      const wanted = ["--seeds", "3500", "--at-least", "2000000"];
      return ["cargo", "test", "--profile", "sim", "--test", "sim", "--", ...wanted];
    },
    tally: lineTally,
  },
  {
    name: "planted",
    about: "the simulation finds mistakes that are planted into the engine",
    needs: "tests/planted/main.rs",
    command: () => ["cargo", "test", "--profile", "sim", "--features", "planted", "--test", "planted"],
    tally: lineTally,
  },
  {
    name: "found",
    about: "the small worlds find such mistakes by themselves",
    needs: "tests/world/planted.rs",
    command: () => ["cargo", "test", "--profile", "sim", "--features", "planted", "--test", "world"],
    tally: lineTally,
  },
  {
    name: "world",
    about: "every order of events in small worlds of tabs",
    needs: "tests/world/main.rs",
    command: () => ["cargo", "test", "--profile", "sim", "--test", "world"],
    tally: lineTally,
  },
  {
    name: "wasm",
    about: "browser adapters, in Chromium",
    needs: "tests/web/main.rs",
    browser: true,
    command: () => [process.execPath, "scripts/wasm.mjs"],
    tally: cargoTally,
  },
  vitest("js", "package: client, hooks, types"),
  vitest("backend", "embedded backend"),
  { ...vitest("mesh", "many tabs: closed, crashed, frozen, cached, stopped"), browser: true },
  {
    ...script(
      "crash",
      "tabs, browser and backend killed, and nothing lost",
      "tests/crash/main.mjs",
      ...["--kills", "30"],
    ),
    browser: true,
    built: true,
  },
  { ...script("api", "public API against its snapshot", "tests/api/check.mjs"), built: true },
  { ...script("size", "download sizes against their limits", "scripts/size.mjs"), built: true },
  { ...script("packaging", "the packed package in real bundlers", "tests/packaging/check.mjs"), built: true },
  {
    name: "e2e",
    about: "tabs end to end, in Chromium",
    needs: "tests/e2e/playwright.config.ts",
    browser: true,
    built: true,
    command: () => ["playwright", "test", "-c", "tests/e2e/playwright.config.ts", "--reporter=list,json"],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile("e2e") },
    timeoutMs: 30 * minuteMs,
    tally: playwrightTally,
  },
].map((suite) => ({ timeoutMs: 15 * minuteMs, ...suite }));
