// npm run fmt: brings every source into its one shape.

import { makeChecks } from "./lib/checklist.mjs";
import { root } from "./lib/place.mjs";
import { runScript } from "./lib/stop.mjs";
import { prepare } from "./prepare.mjs";

await runScript(import.meta.url, async () => {
  await prepare({ lint: true });
  return makeChecks([
    { name: "rustfmt", command: "cargo", args: ["fmt"], cwd: root },
    { name: "biome", command: "biome", args: ["check", "--write"], cwd: root },
  ]);
});
