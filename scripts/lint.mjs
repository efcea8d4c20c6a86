// npm run lint: everything that judges the text of the sources without running them.

import { existsSync } from "node:fs";
import { build } from "./build.mjs";
import { makeChecks } from "./lib/checklist.mjs";
import { run } from "./lib/child.mjs";
import { wasmTarget } from "./lib/pins.mjs";
import { inRoot, root } from "./lib/place.mjs";
import { runScript } from "./lib/stop.mjs";
import { prepare } from "./prepare.mjs";
import { typeChecks } from "./types.mjs";

async function lintChecks({ types }) {
  const clippy = ["clippy", "--quiet", "--all-targets"];
  const checks = [
    { name: "biome", command: "biome", args: ["check", "--error-on-warnings", "--max-diagnostics=50"] },
    { name: "rustfmt", command: "cargo", args: ["fmt", "--check", "--", "--color", "never"] },
    { name: "clippy", command: "cargo", args: [...clippy, "--", "-D", "warnings"] },
    {
      name: "clippy for the browser",
      command: "cargo",
      args: [...clippy, "--target", wasmTarget, "--", "-D", "warnings"],
    },
    {
      name: "package-lock.json",
      command: "npm",
      args: ["ci", "--dry-run", "--ignore-scripts", "--no-audit"],
    },
    { name: "knip", command: "knip", args: ["--no-progress", "--no-config-hints"] },
  ];
  if (types) checks.push(...typeChecks());
  if ((await run("cargo", ["deny", "--version"])).code === 0) {
    checks.push({
      name: "cargo deny",
      command: "cargo",
      args: ["deny", "check", "licenses", "bans", "sources"],
    });
  }
  return checks.map((check) => ({ cwd: root, ...check }));
}

await runScript(import.meta.url, async (args) => {
  await prepare({ lint: true });
  // The types of the engine's glue are a product of the build.
  if (!existsSync(inRoot("pkg/wasm/tabweave.d.ts"))) await build({ demo: false });
  return makeChecks(await lintChecks({ types: !args.includes("--no-types") }));
});
