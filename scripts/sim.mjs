// npm run sim -- --seeds N [--seed S] [--steps M]: the simulation, its output as it comes.

import { launch } from "./lib/child.mjs";
import { root } from "./lib/place.mjs";
import { runScript } from "./lib/stop.mjs";
import { prepare } from "./prepare.mjs";

await runScript(import.meta.url, async (args) => {
  await prepare();
  const cargo = ["test", "--quiet", "--profile", "sim", "--test", "sim", "--", ...args];
  const { code } = await launch("cargo", cargo, { cwd: root, onLine: (line) => console.log(line) }).ended;
  return code;
});
