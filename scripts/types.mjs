// Compiles every TypeScript project of the checkout without emitting anything.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { makeChecks } from "./lib/checklist.mjs";
import { inRoot, root } from "./lib/place.mjs";
import { runScript } from "./lib/stop.mjs";
import { prepare } from "./prepare.mjs";

const folders = ["pkg", ".", "www", "www/convex", "www/backend"];

/** Tests with settings of their own are a project of their own. */
function projects() {
  const tests = readdirSync(inRoot("tests")).map((name) => `tests/${name}`);
  const own = tests.filter((folder) => existsSync(inRoot(folder, "tsconfig.json")));
  return [...folders, ...own].map((folder) => join(folder, "tsconfig.json"));
}

export function typeChecks() {
  return projects().map((project) => ({
    name: `tsc ${project}`,
    command: "tsc",
    args: ["--noEmit", "-p", project],
    cwd: root,
  }));
}

await runScript(import.meta.url, async () => {
  await prepare();
  await build({ demo: false });
  return makeChecks(typeChecks());
});
