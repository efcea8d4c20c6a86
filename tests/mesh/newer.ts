// A newer build of the package, as a tab has it that was opened after the app was updated: it speaks a newer
// protocol and writes newer records, and reads the older ones as well.
//
// It is a real build, of a copy of the sources in which these versions are raised. That costs as much as the
// build of the package (about 20 seconds with two cores), and only when the sources have changed.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../scripts/lib/child.mjs";
import { inRoot, root, scratch } from "../../scripts/lib/place.mjs";
import { stamped } from "../../scripts/lib/stamp.mjs";
import { bundle } from "./bundle.js";

/** What a build of the app consists of. */
export interface Build {
  readonly script: string;
  readonly wasm: Uint8Array;
}

const SOURCES = ["Cargo.toml", "Cargo.lock", "src", "pkg/src"];
const COPY = join(scratch, "newer");

/** What makes the copy newer: in a file, this text becomes that one, so many times. */
const CHANGES: ReadonlyArray<readonly [file: string, from: string, to: string, times: number]> = [
  ["src/engine/protocol.rs", "PROTOCOL_VERSION: u32 = 1;", "PROTOCOL_VERSION: u32 = 2;", 1],
  ["src/web/record.rs", "SCHEMA: u32 = 1;", "SCHEMA: u32 = 2;", 1],
  ["src/web/record.rs", "!= SCHEMA", "> SCHEMA", 2],
  ["src/web/journal.rs", "SCHEMA: u32 = 1;", "SCHEMA: u32 = 2;", 1],
  ["src/web/journal.rs", "!= SCHEMA", "> SCHEMA", 1],
  ["src/web/entries.js", "SCHEMA = 1;", "SCHEMA = 2;", 1],
  ["src/web/entries.js", "=== SCHEMA", "<= SCHEMA", 1],
  ["pkg/src/client/acceptance.ts", "schema: 1,", "schema: 2,", 1],
];

export async function newerBuild(): Promise<Build> {
  const plan = {
    root,
    stamp: join(scratch, "stamps/newer"),
    inputs: [...SOURCES, "tests/mesh/newer.ts"],
    outputs: [".cache/newer"],
  };
  await stamped(plan, compile);
  const wasm = await readFile(join(COPY, "pkg/wasm/tabweave_bg.wasm"));
  return { script: await bundle(join(COPY, "pkg/src/index.ts")), wasm };
}

async function compile(): Promise<void> {
  await rm(COPY, { recursive: true, force: true });
  await mkdir(COPY, { recursive: true });
  for (const path of SOURCES) await cp(inRoot(path), join(COPY, path), { recursive: true });
  for (const change of CHANGES) await apply(...change);
  // The engine as a chunk of text, which these pages do not use: they fetch the file.
  await writeFile(join(COPY, "pkg/src/wasm-inline.js"), 'export default "";\n');
  const args = ["build", COPY, "--release", "--target", "web", "--no-pack", "--mode", "no-install"];
  // In the folder of the other builds, which has the crates that ours is built on.
  const env = { CARGO_TARGET_DIR: inRoot("target") };
  const { code, lines, why } = await run("wasm-pack", [...args, "--out-dir", "pkg/wasm"], { cwd: COPY, env });
  if (code !== 0) throw new Error(`the newer build: ${why}\n${lines.join("\n")}`);
}

async function apply(file: string, from: string, to: string, times: number): Promise<void> {
  const path = join(COPY, file);
  const parts = (await readFile(path, "utf8")).split(from);
  if (parts.length !== times + 1) throw new Error(`${file} has ${parts.length - 1} times "${from}"`);
  await writeFile(path, parts.join(to));
}
