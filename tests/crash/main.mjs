// Runs the crash proof: bundles its TypeScript into the checkout's cache first.
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, stop } from "esbuild";

// As deep in the checkout as the sources, so that the paths that they name are right.
const outfile = fileURLToPath(new URL("../../.cache/crash/run.mjs", import.meta.url));
await build({
  entryPoints: [fileURLToPath(new URL("run.ts", import.meta.url))],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  sourcemap: "inline",
  logLevel: "error",
});
process.setSourceMapsEnabled(true);
// What was started ends with this process.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
const { run } = await import(pathToFileURL(outfile).href);
try {
  process.exitCode = await run(process.argv.slice(2));
} finally {
  await stop();
}
