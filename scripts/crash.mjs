// npm run crash -- --kills N [--seed S] [--planted]: builds, then kills what runs the package and looks for losses.

import { build } from "./build.mjs";
import { launch } from "./lib/child.mjs";
import { root } from "./lib/place.mjs";
import { runScript } from "./lib/stop.mjs";
import { prepare } from "./prepare.mjs";

await runScript(import.meta.url, async (args) => {
  await prepare({ browser: true });
  await build({ demo: false });
  const options = { cwd: root, onLine: (line) => console.log(line) };
  const { code } = await launch(process.execPath, ["tests/crash/main.mjs", ...args], options).ended;
  return code;
});
