import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { launch, run } from "../../scripts/lib/child.mjs";
import { inRoot, root } from "../../scripts/lib/place.mjs";

test("a busy port is one clear line and an exit code", async (t) => {
  const server = createServer().listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address();
  const ended = await run(process.execPath, [inRoot("scripts/start.mjs"), "--port", String(port)], {
    cwd: root,
  });
  assert.equal(ended.code, 1);
  const remedy = "end what listens there, or run npm start -- --port N";
  assert.deepEqual(ended.lines, [`error: port ${port} for the demo is in use: ${remedy}`]);
});

test("an option that does not exist is one clear line too", async () => {
  const ended = await run(process.execPath, [inRoot("scripts/start.mjs"), "--prot", "1"], { cwd: root });
  assert.equal(ended.code, 1);
  assert.match(ended.lines.join("\n"), /^error: Unknown option '--prot'/);
});

test("ending a child ends what it started", async () => {
  const idle = "setInterval(() => {}, 1000)";
  const nested = `
    const child = require("node:child_process").spawn(process.execPath, ["-e", "${idle}"], { stdio: "inherit" });
    console.log(child.pid);
    ${idle}`;
  let told;
  const grandchild = new Promise((resolve) => {
    told = resolve;
  });
  const child = launch(process.execPath, ["-e", nested], { onLine: (line) => told(Number(line)) });
  const pid = await grandchild;
  assert.ok(pid > 0);
  child.stop("no longer wanted");
  // Resolves once every holder of the output pipes is gone, the grandchild among them.
  assert.equal((await child.ended).why, "no longer wanted");
});

test("a command that takes too long or does not exist says so", async () => {
  const endless = await run(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { timeoutMs: 1000 });
  assert.equal(endless.why, "took longer than 1 s");
  assert.notEqual(endless.code, 0);
  assert.equal((await run("tabweave-no-such-command", [])).why, "tabweave-no-such-command was not found");
});
