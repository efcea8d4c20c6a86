// What every command needs before it starts. Says nothing when nothing is missing.
// Imports only what comes with Node: it runs before the npm packages are there.

import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { browserEnvironment } from "./lib/browser.mjs";
import { firstLine, run } from "./lib/child.mjs";
import { compiledEnvironment } from "./lib/compiled.mjs";
import { installPackages } from "./lib/packages.mjs";
import { nodeLowest, rustLowest, rustTools, wasmTarget } from "./lib/pins.mjs";
import { root, scratch, sharedCache } from "./lib/place.mjs";
import { commandStep } from "./lib/step.mjs";
import { runScript, Stop } from "./lib/stop.mjs";
import { toolFolder } from "./lib/tool.mjs";

/**
 * Checks and installs; then sets this process's environment, which its children inherit, so that
 * the pinned tools are the ones found. `browser` also wants Chromium, `lint` also clippy and rustfmt.
 */
export async function prepare({ browser = false, lint = false } = {}) {
  needNode();
  const [rustc] = await Promise.all([needRust(), needGit()]);
  await needWasmTarget();
  if (lint) await needRustComponents();
  await installPackages(root, scratch);

  const shelf = join(sharedCache(), "tools");
  const folders = [];
  for (const tool of Object.values(rustTools)) folders.push(await toolFolder(tool, shelf));
  const path = [...folders, join(root, "node_modules/.bin"), process.env.PATH];
  process.env.PATH = path.filter(Boolean).join(delimiter);

  if (browser) Object.assign(process.env, await browserEnvironment(root, scratch));
  Object.assign(process.env, await compiledEnvironment({ root, cache: sharedCache(), rustc }));
  // Output is read by these scripts and kept in logs: no colours, no cursor movements.
  Object.assign(process.env, { CARGO_TERM_COLOR: "never", NO_COLOR: "1" });
  delete process.env.FORCE_COLOR;
}

function needNode() {
  if (isBelow(process.versions.node, nodeLowest)) {
    throw new Stop(
      `Node ${process.versions.node} is too old: install Node ${nodeLowest} or newer (nodejs.org)`,
    );
  }
}

async function needGit() {
  if ((await firstLine("git", ["--version"])) === undefined) {
    throw new Stop("git was not found: install it with your package manager (git-scm.com)");
  }
}

/** The full version line, which also tells one nightly from the next. */
async function needRust() {
  const [rustc, cargo] = await Promise.all([
    firstLine("rustc", ["--version"]),
    firstLine("cargo", ["--version"]),
  ]);
  if (rustc === undefined || cargo === undefined) {
    throw new Stop("Rust was not found: install stable Rust with rustup (rustup.rs)");
  }
  const version = rustc.split(" ")[1];
  if (isBelow(version, rustLowest)) {
    throw new Stop(`Rust ${version} is too old: run \`rustup update stable\` to get ${rustLowest} or newer`);
  }
  return rustc;
}

async function needWasmTarget() {
  const folder = await firstLine("rustc", ["--print", "target-libdir", "--target", wasmTarget]);
  if (
    folder &&
    (await access(folder).then(
      () => true,
      () => false,
    ))
  )
    return;
  await needRustup(`the Rust target ${wasmTarget}`);
  await commandStep(`adding the Rust target ${wasmTarget}`, "rustup", ["target", "add", wasmTarget]);
}

async function needRustComponents() {
  const checks = await Promise.all([
    run("cargo", ["clippy", "--version"]),
    run("cargo", ["fmt", "--version"]),
  ]);
  if (checks.every(({ code }) => code === 0)) return;
  await needRustup("clippy or rustfmt");
  await commandStep("adding clippy and rustfmt", "rustup", ["component", "add", "clippy", "rustfmt"]);
}

async function needRustup(missing) {
  if ((await firstLine("rustup", ["--version"])) === undefined) {
    throw new Stop(`${missing} is missing and rustup was not found: install Rust with rustup (rustup.rs)`);
  }
}

function isBelow(version, lowest) {
  const numbers = (text) => text.split("-")[0].split(".").map(Number);
  const [have, want] = [numbers(version), numbers(lowest)];
  const at = have.findIndex((number, index) => number !== want[index]);
  return at >= 0 && have[at] < want[at];
}

await runScript(import.meta.url, () => prepare({ browser: true, lint: true }));
