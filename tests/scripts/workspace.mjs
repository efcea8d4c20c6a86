// A folder of its own for a test, gone when the test is over.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** `files` maps relative paths to contents. Returns the folder. */
export async function workspace(test, files = {}) {
  const folder = await mkdtemp(join(tmpdir(), "tabweave-"));
  test.after(() => rm(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) await write(folder, path, content);
  return folder;
}

export async function write(folder, path, content) {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content, { mode: content.startsWith("#!") ? 0o755 : 0o644 });
}
