// Command line tools written in Rust, at an exact version: from PATH if it is that version, else
// from the shared cache, else installed there. What lies under `<name>-<version>` is always whole:
// it is installed beside it and moved there by one rename.

import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { firstLine, run } from "./child.mjs";
import { withLock } from "./lock.mjs";
import { commandStep } from "./step.mjs";
import { Stop } from "./stop.mjs";

/** The folder to put on PATH for this tool, or undefined if PATH has it already. */
export async function toolFolder(tool, shelf) {
  if (await hasVersion(tool, tool.probe)) return undefined;
  const home = join(shelf, `${tool.name}-${tool.version}`);
  if (!(await isWhole(tool, home))) {
    await withLock(`${home}.lock`, async () => {
      if (!(await isWhole(tool, home))) await install(tool, shelf, home);
    });
  }
  return join(home, "bin");
}

async function install(tool, shelf, home) {
  // The lock is ours, so every partial folder of this tool belongs to a run that was interrupted.
  const prefix = `${tool.name}-${tool.version}.partial`;
  await mkdir(shelf, { recursive: true });
  for (const entry of await readdir(shelf)) {
    if (entry.startsWith(prefix)) await rm(join(shelf, entry), { recursive: true, force: true });
  }
  await rm(home, { recursive: true, force: true });

  const partial = join(shelf, `${prefix}-${process.pid}`);
  if (!(await fetchPrebuilt(tool, partial))) await compile(tool, partial);
  for (const binary of tool.binaries) {
    const path = join(partial, "bin", binary);
    if (!(await exists(path))) throw new Stop(`${tool.name} ${tool.version} was installed without ${binary}`);
  }
  if (!(await hasVersion(tool, join(partial, "bin", tool.probe)))) {
    throw new Stop(`the installed ${tool.probe} does not say that it is version ${tool.version}`);
  }
  await rename(partial, home);
}

/** A release made by somebody else, in seconds, where cargo-binstall and the network give one. */
async function fetchPrebuilt(tool, partial) {
  if (tool.source || (await firstLine("cargo", ["binstall", "-V"])) === undefined) return false;
  const args = ["binstall", `${tool.name}@${tool.version}`, "--root", partial];
  const { code } = await run("cargo", [...args, "--no-confirm", "--disable-strategies", "compile"]);
  if (code !== 0) await rm(partial, { recursive: true, force: true });
  return code === 0;
}

function compile(tool, partial) {
  const source = tool.source ?? [tool.name, "--version", tool.version];
  const args = ["install", ...source, "--root", partial, ...(tool.locked ? ["--locked"] : [])];
  return commandStep(`installing ${tool.name} ${tool.version} (once, some minutes)`, "cargo", args);
}

async function hasVersion(tool, binary) {
  const line = await firstLine(binary, ["--version"]);
  return line?.split(/\s+/).includes(tool.version) ?? false;
}

async function isWhole(tool, home) {
  const found = await Promise.all(tool.binaries.map((binary) => exists(join(home, "bin", binary))));
  return found.every(Boolean);
}

function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
