// Where things lie: the checkout, and the cache outside it that several checkouts share.

import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Everything a build or a test leaves behind besides its product; git does not see it. */
export const scratch = join(root, ".cache");

/** What is built once by version: survives the checkout. */
export function sharedCache(env = process.env) {
  if (env.TABWEAVE_CACHE) return join(env.TABWEAVE_CACHE, "tabweave");
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tabweave");
}

export function inRoot(...parts) {
  return join(root, ...parts);
}
