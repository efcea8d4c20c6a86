// npm run bench: builds, then runs the side-by-side benchmarks in a headless browser.

import { build } from "./build.mjs";
import { launch } from "./lib/child.mjs";
import { root } from "./lib/place.mjs";
import { runScript } from "./lib/stop.mjs";
import { prepare } from "./prepare.mjs";

await runScript(import.meta.url, async (args) => {
  await prepare({ browser: true });
  await build({ demo: false });
  const show = (line) => console.log(line);
  const { code } = await launch(process.execPath, ["benches/run.mjs", ...args], { cwd: root, onLine: show })
    .ended;
  return code;
});
