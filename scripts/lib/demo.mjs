// Builds the demo's pages into www/dist. The end to end tests run on them too.

import { join } from "node:path";
import { inRoot, root, scratch } from "./place.mjs";
import { stamped } from "./stamp.mjs";
import { commandStep } from "./step.mjs";

const sources = ["src", "public", "convex", "index.html", "package.json", "vite.config.ts", "tsconfig.json"];

/** `deployment` is the address the pages are made for; empty means the embedded backend at its usual port. */
export function buildDemo(deployment) {
  const plan = {
    root,
    stamp: join(scratch, "stamps/demo"),
    inputs: [
      ...sources.map((name) => `www/${name}`),
      ...["pkg/dist", "pkg/wasm", "package-lock.json", "scripts/lib/demo.mjs"],
    ],
    outputs: ["www/dist"],
    also: [deployment],
  };
  const options = { cwd: inRoot("www"), env: { VITE_CONVEX_URL: deployment } };
  return stamped(plan, () => commandStep("building the demo", "vite", ["build"], options));
}
