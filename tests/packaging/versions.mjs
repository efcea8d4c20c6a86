// The oldest and the newest versions that the package is for.

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { root, sharedCache } from "../../scripts/lib/place.mjs";
import { run } from "./run.mjs";

const lowest = {
  "@types/react": "18.2.79",
  "@types/react-dom": "18.2.25",
  convex: "1.25.0",
  diff: "8.0.0",
  react: "18.2.0",
  "react-aria": "3.48.0",
  "react-dom": "18.2.0",
  typescript: "5.4.5",
};

/** The node_modules that the checkout has: the newest of everything. */
export const newest = { name: "newest", modules: join(root, "node_modules") };

/** Installs the oldest versions, once, into a cache outside of the checkout. */
export async function oldest() {
  const key = Object.entries(lowest).map(([name, version]) => `${name.replaceAll("/", "-")}@${version}`);
  const folder = join(sharedCache(), "packaging", key.join("_"));
  const found = { name: "oldest", modules: join(folder, "node_modules") };
  if (existsSync(folder)) return found;
  await mkdir(dirname(folder), { recursive: true });
  // Beside its place, and moved there when it is whole.
  const fresh = await mkdtemp(join(dirname(folder), "fresh-"));
  await writeFile(join(fresh, "package.json"), JSON.stringify({ private: true, dependencies: lowest }));
  const quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  await run("npm", ["install", ...quiet], fresh);
  // Another run may have been quicker.
  await rename(fresh, folder).catch((error) => {
    if (!existsSync(folder)) throw error;
  });
  await rm(fresh, { recursive: true, force: true });
  return found;
}
