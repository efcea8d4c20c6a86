// The package as npm would publish it.

import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../scripts/lib/place.mjs";
import { run } from "./run.mjs";

/** Packs pkg/ and unpacks it again; returns the file and the folder `package` that was in it. */
export async function pack(folder) {
  const quiet = ["--ignore-scripts", "--loglevel=error"];
  await run("npm", ["pack", "--pack-destination", folder, ...quiet], join(root, "pkg"));
  const [name] = (await readdir(folder)).filter((file) => file.endsWith(".tgz"));
  const tarball = join(folder, name);
  await run("tar", ["xzf", tarball, "-C", folder], folder);
  return { tarball, unpacked: join(folder, "package") };
}

/** Installs the tarball into the app by npm itself, which has nothing to fetch: there are no dependencies. */
export async function install(tarball, app) {
  const alone = ["--offline", "--legacy-peer-deps", "--no-audit", "--no-fund", "--ignore-scripts"];
  // npm would take away what it does not know of, so that is put there afterwards.
  await run("npm", ["install", tarball, "--no-save", ...alone, "--loglevel=error"], app);
  await mkdir(join(app, "node_modules"), { recursive: true });
}

/** Paths of all files, relative to the folder, in order. */
export async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
  return paths.map((path) => path.replaceAll("\\", "/")).sort();
}
