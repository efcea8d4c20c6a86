// npm run build [-- --debug]: the engine, the npm package and the demo, as far as their sources changed.

import { join } from "node:path";
import { buildDemo } from "./lib/demo.mjs";
import { buildEngine } from "./lib/engine.mjs";
import { withLock } from "./lib/lock.mjs";
import { buildPackage } from "./lib/package.mjs";
import { scratch } from "./lib/place.mjs";
import { runScript } from "./lib/stop.mjs";
import { prepare } from "./prepare.mjs";

/** Resolves to true if anything had to be built. `deployment` is the server the demo's pages talk to. */
export function build({ debug = false, demo = true, deployment = process.env.VITE_CONVEX_URL ?? "" } = {}) {
  return withLock(join(scratch, "build.lock"), async () => {
    const built = [await buildEngine({ debug }), await buildPackage()];
    if (demo) built.push(await buildDemo(deployment));
    return built.includes(true);
  });
}

await runScript(import.meta.url, async (args) => {
  await prepare();
  const built = await build({ debug: args.includes("--debug") });
  console.log(built ? "built pkg/wasm, pkg/dist and www/dist" : "everything built is up to date");
});
