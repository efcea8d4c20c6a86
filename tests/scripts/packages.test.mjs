import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { installPackages } from "../../scripts/lib/packages.mjs";
import { workspace, write } from "./workspace.mjs";

function project(version) {
  const manifest = { name: "trial", version: "1.0.0", dependencies: { part: "file:part" } };
  return {
    "package.json": JSON.stringify(manifest),
    "part/package.json": JSON.stringify({ name: "part", version }),
    "package-lock.json": JSON.stringify({
      name: "trial",
      version: "1.0.0",
      lockfileVersion: 3,
      packages: {
        "": manifest,
        "node_modules/part": { resolved: "part", link: true },
        part: { version },
      },
    }),
  };
}

test("packages are installed once, and again after an install that was cut short", async (t) => {
  const root = await workspace(t, project("1.0.0"));
  const scratch = join(root, ".cache");
  await installPackages(root, scratch);
  assert.ok(existsSync(join(root, "node_modules/part/package.json")));

  await write(root, "node_modules/witness", "");
  await installPackages(root, scratch);
  assert.ok(existsSync(join(root, "node_modules/witness")), "nothing was missing, nothing was done");

  await write(scratch, "npm-ci.unfinished", "");
  await installPackages(root, scratch);
  assert.equal(existsSync(join(root, "node_modules/witness")), false);
  assert.equal(existsSync(join(scratch, "npm-ci.unfinished")), false);
});

test("packages that differ from the lock file are installed again", async (t) => {
  const root = await workspace(t, project("1.0.0"));
  const scratch = join(root, ".cache");
  await installPackages(root, scratch);
  await write(root, "node_modules/witness", "");
  const installed = { packages: { "node_modules/part": { version: "0.9.0" } } };
  await write(root, "node_modules/.package-lock.json", JSON.stringify(installed));
  await installPackages(root, scratch);
  assert.equal(existsSync(join(root, "node_modules/witness")), false);
});
