// Starts the embedded backend: bundles its TypeScript into the checkout's cache and runs it.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, stop } from "esbuild";

const checkout = fileURLToPath(new URL("../..", import.meta.url));
const cache = join(checkout, ".cache", "backend");

await mkdir(cache, { recursive: true });
// A folder of its own for each process: several backends may start at once.
const folder = await mkdtemp(join(cache, "server-"));
let server;
try {
  const outfile = join(folder, "server.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("server.ts", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    sourcemap: "inline",
    logLevel: "error",
  });
  process.setSourceMapsEnabled(true);
  server = await import(pathToFileURL(outfile).href);
} finally {
  await stop();
  await rm(folder, { recursive: true, force: true });
}
await server.start(checkout, process.argv.slice(2));
