// One worker at a time on something that several runs share. The lock saves double work; what it
// guards is made whole elsewhere and moved into place by one rename, so two holders do no harm.

import { mkdir, open, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const heartbeatMs = 5_000;
const silentMs = 60_000;
const pollMs = 250;

/** Runs `work` while holding the lock file; waits for a living holder, takes over from a dead one. */
export async function withLock(path, work, { onWait } = {}) {
  await mkdir(dirname(path), { recursive: true });
  while (!(await take(path))) {
    if (await abandoned(path)) {
      await rm(path, { force: true });
      continue;
    }
    onWait?.();
    await pause(pollMs);
  }
  const heartbeat = setInterval(() => utimes(path, new Date(), new Date()).catch(() => {}), heartbeatMs);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(path, { force: true });
  }
}

async function take(path) {
  try {
    const file = await open(path, "wx");
    await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
    await file.close();
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** A holder is gone when its process is, or, where that cannot be asked, when its heartbeat stopped. */
async function abandoned(path) {
  try {
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > silentMs) return true;
    const { pid, host } = JSON.parse(await readFile(path, "utf8"));
    return host === hostname() && !isAlive(pid);
  } catch (error) {
    // Released in between, or not written to the end yet: look again.
    if (error.code === "ENOENT" || error instanceof SyntaxError) return false;
    throw error;
  }
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
