// The npm packages of the workspace. They are trusted when npm's own record of what it installed,
// which it writes last, agrees with package-lock.json, and no install of ours was cut short.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { commandStep } from "./step.mjs";

export async function installPackages(root, scratch) {
  const unfinished = join(scratch, "npm-ci.unfinished");
  if (await areInstalled(root, unfinished)) return;
  await withLock(join(scratch, "npm-ci.lock"), async () => {
    if (await areInstalled(root, unfinished)) return;
    await mkdir(scratch, { recursive: true });
    await writeFile(unfinished, "");
    await npmCi(root);
    await rm(unfinished);
  });
}

function npmCi(root) {
  const quiet = ["--no-audit", "--no-fund"];
  return commandStep("installing npm packages", "npm", ["ci", ...quiet], { cwd: root });
}

async function areInstalled(root, unfinished) {
  if ((await readText(unfinished)) !== undefined) return false;
  const wanted = await readText(join(root, "package-lock.json"));
  const installed = await readText(join(root, "node_modules/.package-lock.json"));
  if (wanted === undefined || installed === undefined) return false;
  return agrees(JSON.parse(wanted).packages, JSON.parse(installed).packages);
}

/** Optional packages may be absent: most are for other platforms. */
function agrees(wanted, installed) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes("node_modules/")) return true;
    const there = installed[path];
    if (!there) return Boolean(entry.optional || entry.devOptional);
    return there.version === entry.version && there.integrity === entry.integrity;
  });
}

function readText(path) {
  return readFile(path, "utf8").catch((error) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
