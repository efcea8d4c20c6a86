import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../scripts/lib/child.mjs";
import { toolFolder } from "../../scripts/lib/tool.mjs";
import { workspace, write } from "./workspace.mjs";

const crate = {
  "crate/Cargo.toml":
    '[package]\nname = "tabweave-trial"\nversion = "0.3.1"\nedition = "2021"\n[workspace]\n',
  "crate/src/main.rs": 'fn main() { println!("tabweave-trial 0.3.1"); }\n',
};

function trialTool(folder, version = "0.3.1") {
  return {
    name: "tabweave-trial",
    version,
    probe: "tabweave-trial",
    binaries: ["tabweave-trial"],
    source: ["--path", join(folder, "crate"), "--offline"],
  };
}

test("a tool left half installed is installed anew, and then used as it is", async (t) => {
  const folder = await workspace(t, crate);
  const shelf = join(folder, "shelf");
  await write(shelf, "tabweave-trial-0.3.1.partial-1/bin/tabweave-trial", "#!/bin/sh\nexit 3\n");
  await write(shelf, "tabweave-trial-0.3.1/bin/.keep", "");

  const bin = await toolFolder(trialTool(folder), shelf);
  assert.deepEqual((await run(join(bin, "tabweave-trial"), [])).lines, ["tabweave-trial 0.3.1"]);
  assert.deepEqual(await readdir(shelf), ["tabweave-trial-0.3.1"]);

  await write(folder, "crate/src/main.rs", "this does not compile\n");
  assert.equal(await toolFolder(trialTool(folder), shelf), bin);
});

test("two runs at once end with one whole tool, past the lock of a run that died", async (t) => {
  const folder = await workspace(t, crate);
  const shelf = join(folder, "shelf");
  const dead = await run(process.execPath, ["-p", "process.pid"]);
  const holder = JSON.stringify({ pid: Number(dead.lines[0]), host: (await run("hostname", [])).lines[0] });
  await write(shelf, "tabweave-trial-0.3.1.lock", holder);

  const folders = await Promise.all([1, 2].map(() => toolFolder(trialTool(folder), shelf)));
  assert.equal(folders[0], folders[1]);
  assert.deepEqual(await readdir(shelf), ["tabweave-trial-0.3.1"]);
});

test("a failed install, or one of another version, leaves nothing that is trusted", async (t) => {
  const folder = await workspace(t, crate);
  const shelf = join(folder, "shelf");
  await assert.rejects(
    toolFolder(trialTool(folder, "0.3.2"), shelf),
    /does not say that it is version 0\.3\.2/,
  );
  await write(folder, "crate/src/main.rs", "this does not compile\n");
  await assert.rejects(
    toolFolder(trialTool(folder), shelf),
    /installing tabweave-trial 0\.3\.1.* ended with code/,
  );
  assert.equal(existsSync(join(shelf, "tabweave-trial-0.3.1")), false);
  assert.equal(existsSync(join(shelf, "tabweave-trial-0.3.2")), false);
});
