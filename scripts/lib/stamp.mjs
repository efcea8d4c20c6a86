// Whether something built must be built again. A stamp holds a hash of what went in and of what came
// out, and is written last: an interrupted build leaves none, an altered product does not match it.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/**
 * Runs `build` unless the stamp says that these inputs gave these outputs. `inputs` and `outputs` are
 * files or folders under `root`; `also` is whatever else decides the result (versions, flags).
 */
export async function stamped({ root, stamp, inputs, outputs, also = [] }, build) {
  const wanted = await hashOf(root, inputs, also);
  if ((await readStamp(stamp)) === `${wanted} ${await hashOf(root, outputs)}`) return false;
  await rm(stamp, { force: true });
  await build();
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, `${wanted} ${await hashOf(root, outputs)}`);
  return true;
}

/** A hash of names and contents, the same on every machine and in every order of arguments. */
export async function hashOf(root, paths, also = []) {
  const hash = createHash("sha256");
  const files = (await Promise.all(paths.map((path) => filesUnder(join(root, path))))).flat();
  for (const file of files.sort()) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(await readFile(file))
      .update("\0");
  }
  hash.update(JSON.stringify(also));
  return hash.digest("hex");
}

async function filesUnder(path) {
  const kind = await stat(path).catch(() => undefined);
  if (kind === undefined) return [];
  if (kind.isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((_, index) => entries[index].isFile());
}

function readStamp(path) {
  return readFile(path, "utf8").catch(() => undefined);
}
