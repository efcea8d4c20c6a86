// Builds the Rust engine into pkg/wasm (the module and its generated glue).

import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { firstLine } from "./child.mjs";
import { rustTools } from "./pins.mjs";
import { inRoot, root, scratch } from "./place.mjs";
import { stamped } from "./stamp.mjs";
import { commandStep } from "./step.mjs";

/** Resolves to true if it had to build. */
export async function buildEngine({ debug = false } = {}) {
  const profile = debug ? "--dev" : "--release";
  const versions = Object.values(rustTools).map((tool) => tool.version);
  const plan = {
    root,
    stamp: join(scratch, "stamps/engine"),
    inputs: [
      "Cargo.toml",
      "Cargo.lock",
      ".cargo/config.toml",
      "src",
      "scripts/lib/engine.mjs",
      "node_modules/binaryen/package.json",
    ],
    outputs: ["pkg/wasm"],
    also: [profile, ...versions, await firstLine("rustc", ["--version"])],
  };
  return stamped(plan, () => compile(profile));
}

async function compile(profile) {
  const fresh = join(scratch, "engine");
  await rm(fresh, { recursive: true, force: true });
  const args = ["build", root, profile, "--target", "web", "--no-pack", "--mode", "no-install"];
  await commandStep("building the engine", "wasm-pack", [...args, "--out-dir", fresh], { cwd: root });
  // wasm-pack ignores its whole output; npm would then leave the engine out of the package.
  await rm(join(fresh, ".gitignore"), { force: true });
  await mkdir(inRoot("pkg"), { recursive: true });
  await rm(inRoot("pkg/wasm"), { recursive: true, force: true });
  await rename(fresh, inRoot("pkg/wasm"));
}
