import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { stamped } from "../../scripts/lib/stamp.mjs";
import { workspace, write } from "./workspace.mjs";

function plan(root, also = []) {
  return { root, stamp: join(root, "stamp"), inputs: ["src", "settings"], outputs: ["out"], also };
}

/** Asks for a build; true if it was made. */
function ask(root, also) {
  return stamped(plan(root, also), () => write(root, "out/product", "made"));
}

test("a build is repeated when an input, a version or the product changed, and only then", async (t) => {
  const root = await workspace(t, { "src/a/b": "1", settings: "x" });
  assert.equal(await ask(root), true);
  assert.equal(await ask(root), false);

  await write(root, "src/a/b", "2");
  assert.equal(await ask(root), true, "an input changed");
  await write(root, "src/c", "");
  assert.equal(await ask(root), true, "an input was added");
  assert.equal(await ask(root, ["tool 2"]), true, "another version");
  await write(root, "out/product", "cut sh");
  assert.equal(await ask(root, ["tool 2"]), true, "the product was altered");
  assert.equal(await ask(root, ["tool 2"]), false);
});

test("an interrupted build is never taken for a whole one", async (t) => {
  const root = await workspace(t, { "src/a": "1" });
  await ask(root);
  await write(root, "src/a", "2");
  const interrupted = stamped(plan(root), async () => {
    await write(root, "out/product", "half");
    throw new Error("power cut");
  });
  await assert.rejects(interrupted, /power cut/);
  assert.equal(existsSync(join(root, "stamp")), false);
  await write(root, "src/a", "1");
  assert.equal(await ask(root), true);
});
