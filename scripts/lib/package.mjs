// Builds the npm package: pkg/src into pkg/dist, the engine as a module of text beside it, and the
// documents that npm packs.

import { copyFile, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { inRoot, root, scratch } from "./place.mjs";
import { stamped } from "./stamp.mjs";
import { commandStep } from "./step.mjs";
import { Stop } from "./stop.mjs";

const directive = /^\s*(?:\/\*[\s\S]*?\*\/\s*|\/\/.*\n\s*)*["']use client["']/;
const styles = ["root.css", "frame.css", "part.css", "entry.css"];
const documents = ["README.md", "ERRORS.md", "LICENSE-MIT", "LICENSE-APACHE"];

export async function buildPackage() {
  const plan = {
    root,
    stamp: join(scratch, "stamps/package"),
    inputs: [
      ...["pkg/src", "pkg/wasm", "pkg/package.json", "pkg/tsconfig.json", "pkg/tsconfig.build.json"],
      ...["tsconfig.base.json", "scripts/lib/package.mjs", "node_modules/typescript/package.json"],
      ...documents,
    ],
    outputs: ["pkg/dist", ...documents.map((name) => `pkg/${name}`)],
  };
  return stamped(plan, compile);
}

async function compile() {
  // Beside dist and not elsewhere, so that the paths in the source maps stay right after the move.
  const fresh = inRoot("pkg/.dist");
  await rm(fresh, { recursive: true, force: true });
  const args = ["-p", "pkg/tsconfig.build.json", "--outDir", fresh];
  await commandStep("building the package", "tsc", args, { cwd: root });
  await keepDirectives(inRoot("pkg/src"), fresh);
  await writeInlineEngine(fresh);
  await writeStyles(fresh);
  await rm(inRoot("pkg/dist"), { recursive: true, force: true });
  await rename(fresh, inRoot("pkg/dist"));
  for (const name of documents) await copyFile(inRoot(name), inRoot("pkg", name));
}

/** The engine as gzip in base64: a chunk that every bundler can load without configuration. */
async function writeInlineEngine(folder) {
  const wasm = await readFile(inRoot("pkg/wasm/tabweave_bg.wasm"));
  const text = gzipSync(wasm, { level: 9 }).toString("base64");
  await writeFile(join(folder, "wasm-inline.js"), `export default "${text}";\n`);
  const declaration =
    "/** The engine's WebAssembly module: gzip, then base64. */\ndeclare const module: string;\n";
  await writeFile(join(folder, "wasm-inline.d.ts"), `${declaration}export default module;\n`);
}

/** One stylesheet of several: apps link, or import, one file. */
async function writeStyles(folder) {
  const texts = styles.map((name) => readFile(inRoot("pkg/src/ui/styles", name), "utf8"));
  await writeFile(join(folder, "ui/styles.css"), (await Promise.all(texts)).join("\n"));
}

/** Server components need `'use client'` to stay the first statement of the emitted file. */
async function keepDirectives(sources, emitted) {
  for (const name of await readdir(sources, { recursive: true })) {
    if (!/\.tsx?$/.test(name) || /\.(d|test)\.tsx?$/.test(name)) continue;
    if (!directive.test(await readFile(join(sources, name), "utf8"))) continue;
    const product = name.replace(/\.tsx?$/, ".js");
    if (!directive.test(await readFile(join(emitted, product), "utf8"))) {
      throw new Stop(`pkg/dist/${product} lost its 'use client' directive`);
    }
  }
}
