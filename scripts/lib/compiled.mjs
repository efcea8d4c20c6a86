// Where cargo puts what it compiles. By default that is `target/` in the checkout. In continuous
// integration every run is a fresh clone, so the crates we depend on are compiled into a folder of
// the shared cache instead (cargo's build.build-dir: it locks the folder itself, and what a build
// produces still lands in the checkout's own `target/`). TABWEAVE_SHARED_BUILD=1 does so anywhere.

import { mkdir, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "./lock.mjs";
import { hashOf } from "./stamp.mjs";

const unusedDaysMax = 14;
const bytesMax = 4e9;
const dayMs = 86_400_000;

/** Environment for cargo: nothing, or the shared build folder for this compiler and these dependencies. */
export async function compiledEnvironment({ root, cache, rustc, env = process.env }) {
  const asked = env.TABWEAVE_SHARED_BUILD ?? env.CI ?? "";
  if (["", "0", "false"].includes(asked) || env.CARGO_BUILD_BUILD_DIR) return {};
  const shelf = join(cache, "compiled");
  const key = await hashOf(root, ["Cargo.lock", "Cargo.toml"], [rustc]);
  const folder = join(shelf, key.slice(0, 16));
  await mkdir(join(folder, "users"), { recursive: true });
  await prune(shelf, folder);
  await mkdir(join(folder, "users"), { recursive: true });
  await writeFile(join(folder, "users", String(process.pid)), "");
  await utimes(folder, new Date(), new Date());
  // Incremental files would never be read again by the next clone.
  return { CARGO_BUILD_BUILD_DIR: folder, CARGO_INCREMENTAL: "0" };
}

/** Drops folders that nobody used for a while, and ours when clones have filled it up. */
async function prune(shelf, ours) {
  for (const name of await readdir(shelf)) {
    const folder = join(shelf, name);
    const { mtimeMs } = await stat(folder);
    const stale = Date.now() - mtimeMs > unusedDaysMax * dayMs;
    const full = folder === ours && (await bytesUnder(folder)) > bytesMax;
    if ((stale || full) && !(await isInUse(folder))) await rm(folder, { recursive: true, force: true });
  }
}

async function isInUse(folder) {
  const users = await readdir(join(folder, "users")).catch(() => []);
  for (const pid of users) {
    const { mtimeMs } = await stat(join(folder, "users", pid));
    // Process ids are given out again; no run lasts a day.
    if (Number(pid) !== process.pid && isAlive(Number(pid)) && Date.now() - mtimeMs < dayMs) return true;
  }
  return false;
}

async function bytesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map((entry) =>
      stat(join(entry.parentPath ?? entry.path, entry.name)).then(
        (it) => it.size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
