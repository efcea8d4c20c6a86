// node tests/packaging/check.mjs: packs the package and uses it as people do, outside of the checkout, with
// the oldest and the newest versions it is for. pkg/dist and pkg/wasm must be built.

import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build as bundle } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { build as buildByVite } from "vite";
import { inRoot } from "../../scripts/lib/place.mjs";
import { makeApp, pageFor } from "./app.mjs";
import { addTask, showConflict, startBackend } from "./browse.mjs";
import { run } from "./run.mjs";
import { filesOf, pack } from "./tarball.mjs";
import { newest, oldest } from "./versions.mjs";

const needed = [
  ...["LICENSE-APACHE", "LICENSE-MIT", "ERRORS.md", "README.md", "package.json"],
  ...["dist/index.js", "dist/index.d.ts", "dist/react/index.js", "dist/convex/index.js"],
  ...["dist/convex/server/index.js", "dist/wasm-inline.js", "wasm/tabweave.js", "wasm/tabweave_bg.wasm"],
  ...["dist/ui/index.js", "dist/ui/styles.css"],
];
const allowed = /^(dist\/|wasm\/|src\/|ERRORS\.md$|README\.md$|LICENSE-|package\.json$)/;
const entries = [
  ...["tabweave", "tabweave/react", "tabweave/convex", "tabweave/convex/server", "tabweave/recovery"],
  ...["tabweave/merge", "tabweave/text"],
  ...[
    "tabweave/live-interaction/conflictResolution",
    "tabweave/live-interaction/errorRecovery",
    "tabweave/ui",
    "tabweave/ui/headless",
  ],
];

let passed = 0;
let failed = 0;

async function check(name, test) {
  try {
    await test();
    passed += 1;
    console.log(`ok     ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}\n       ${error.message.replaceAll("\n", "\n       ")}`);
  }
}

function expectNone(what, found) {
  if (found.length > 0) throw new Error(`${what}:\n${found.join("\n")}`);
}

/** Node tools of the checkout, by their scripts. */
const tool = (path) => inRoot("node_modules", path);

async function checkFiles(unpacked) {
  const files = await filesOf(unpacked);
  const missing = needed.filter((file) => !files.includes(file));
  expectNone("missing", missing);
  const foreign = files.filter((file) => !allowed.test(file) || /\.test(-d)?\.|tsbuildinfo/.test(file));
  expectNone("does not belong there", foreign);
}

async function checkDirectives(unpacked, folder) {
  const files = (await filesOf(join(unpacked, folder))).filter((file) => file.endsWith(".js"));
  const texts = await Promise.all(files.map((file) => readFile(join(unpacked, folder, file), "utf8")));
  expectNone(
    "does not begin with 'use client'",
    files.filter((_, index) => !/^["']use client["']/.test(texts[index])),
  );
}

/** Importing does nothing on a server: no word, no timer that keeps the process alive. */
async function checkImport(app) {
  const code = entries.map((entry) => `await import("${entry}");`).join("\n");
  const said = await run(process.execPath, ["--input-type=module", "-e", code], app);
  if (said !== "") throw new Error(`it said: ${said}`);
}

/** A development build: React and Tabweave say what they object to. */
async function bundleByEsbuild(app, address, entry) {
  const outdir = join(app, "dist");
  await bundle({
    entryPoints: [join(app, `src/${entry}.tsx`)],
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    jsx: "automatic",
    logLevel: "silent",
    define: {
      "import.meta.env.VITE_CONVEX_URL": JSON.stringify(address),
      "process.env.NODE_ENV": '"development"',
    },
  });
  const styles = existsSync(join(outdir, `${entry}.css`)) ? `/${entry}.css` : undefined;
  await writeFile(join(outdir, "index.html"), pageFor(`/${entry}.js`, styles));
  return outdir;
}

async function bundleByVite(app, address, entry) {
  await writeFile(join(app, "index.html"), pageFor(`/src/${entry}.tsx`));
  const define = { "import.meta.env.VITE_CONVEX_URL": JSON.stringify(address) };
  await buildByVite({ root: app, configFile: false, logLevel: "error", define });
  const outdir = join(app, "dist");
  // The engine must travel inside of a chunk: a file of its own would need configuration.
  expectNone(
    "emitted beside the chunks",
    (await filesOf(outdir)).filter((file) => file.endsWith(".wasm")),
  );
  return outdir;
}

async function checkVersions(folder, versions, tarball, address) {
  const { name, modules } = versions;
  await check(`${name}: importing on a server`, async () => {
    await checkImport(await makeApp(folder, versions, tarball));
  });
  await check(`${name}: types, with skipLibCheck off`, async () => {
    const app = await makeApp(folder, versions, tarball);
    const tsc = join(modules, "typescript/bin/tsc");
    await run(process.execPath, [tsc, "-p", app, "--skipLibCheck", "false"], app);
  });
  for (const [bundler, make] of Object.entries({ Vite: bundleByVite, esbuild: bundleByEsbuild })) {
    await check(`${name}: ${bundler}, then the browser under a strict policy`, async () => {
      const app = await makeApp(folder, versions, tarball);
      expectNone("said in the browser", await addTask(await make(app, address, "main")));
    });
    await check(`${name}: ${bundler}, the screen for conflicts with its styles`, async () => {
      const app = await makeApp(folder, versions, tarball);
      expectNone("said in the browser", await showConflict(await make(app, address, "screen")));
    });
  }
}

const folder = await mkdtemp(join(tmpdir(), "tabweave-packaging-"));
const { tarball, unpacked } = await pack(folder);
const backend = await startBackend(folder);
try {
  await check("the tarball has what it needs and nothing else", () => checkFiles(unpacked));
  await check("hooks and components say 'use client'", async () => {
    await checkDirectives(unpacked, "dist/react");
    await checkDirectives(unpacked, "dist/ui");
  });
  await check("publint", async () => {
    const { messages, pkg } = await publint({ pack: { tarball: await readFile(tarball) }, strict: true });
    expectNone(
      "objections",
      messages.map((message) => formatMessage(message, pkg)),
    );
  });
  await check("are the types wrong?", () => {
    const options = ["--profile", "esm-only", "--exclude-entrypoints", "wasm", "ui.css", "--no-color"];
    return run(process.execPath, [tool("@arethetypeswrong/cli/dist/index.js"), tarball, ...options], folder);
  });
  for (const versions of [newest, await oldest()]) {
    await checkVersions(folder, versions, tarball, backend.address);
  }
} finally {
  backend.end();
  await rm(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
