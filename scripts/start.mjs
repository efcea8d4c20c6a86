// npm start [-- --dev] [--port N] [--backend-port N]: the demo, its backend, and the address to open.

import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { interruptMeansSuccess, launch } from "./lib/child.mjs";
import { inRoot, root, scratch } from "./lib/place.mjs";
import { isListening, needFreePort } from "./lib/port.mjs";
import { step } from "./lib/step.mjs";
import { runScript, Stop } from "./lib/stop.mjs";
import { prepare } from "./prepare.mjs";

const readyWithinMs = 60_000;
const pollMs = 100;
const tailLines = 40;
const usualPort = 4173;
const usualBackendPort = 3210;

function readOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        dev: { type: "boolean", default: false },
        port: { type: "string", default: String(usualPort) },
        "backend-port": { type: "string", default: String(usualBackendPort) },
      },
    });
    return { dev: values.dev, port: Number(values.port), backendPort: Number(values["backend-port"]) };
  } catch (error) {
    throw new Stop(error.message.split("\n")[0]);
  }
}

/**
 * Starts a server and waits until it says, or `isReady` sees, that it can be used. The promise `over`
 * of the answer rejects when the server ends, which it is not meant to do by itself.
 */
async function startServer(name, command, args, { readyLine, isReady, ...options }) {
  let announced = false;
  const onLine = (line) => {
    announced ||= readyLine?.test(line) ?? false;
  };
  let gone;
  const over = launch(command, args, { ...options, onLine }).ended.then((ended) => {
    gone = new Stop(`${name} ${ended.why}`, { tail: ended.lines.slice(-tailLines) });
    throw gone;
  });
  over.catch(() => {});
  await step(`starting ${name}`, async () => {
    const deadline = performance.now() + readyWithinMs;
    while (!announced && !(await isReady?.())) {
      if (gone) throw gone;
      if (performance.now() > deadline)
        throw new Stop(`${name} was not ready after ${readyWithinMs / 1000} s`);
      await pause(pollMs);
    }
  });
  return { over };
}

function startBackend({ port, origins }) {
  const data = join(scratch, "backend/data.json");
  const args = ["www/backend/main.mjs", "--port", String(port), "--data", data];
  for (const origin of origins) args.push("--origin", origin);
  return startServer("the backend", process.execPath, args, { cwd: root, readyLine: /^ready http/ });
}

function startPages({ dev, port, deployment }) {
  const args = [...(dev ? [] : ["preview"]), "--port", String(port), "--strictPort", "--host", "127.0.0.1"];
  const env = { VITE_CONVEX_URL: deployment };
  return startServer("the demo", "vite", args, { cwd: inRoot("www"), env, isReady: () => isListening(port) });
}

await runScript(import.meta.url, async (args) => {
  const { dev, port, backendPort } = readOptions(args);
  const remote = process.env.VITE_CONVEX_URL;
  await needFreePort(port, "the demo", "--port");
  if (!remote) await needFreePort(backendPort, "the backend", "--backend-port");
  await prepare();

  // The pages know the usual address by themselves, so that the build is the one the tests use.
  const embedded = backendPort === usualBackendPort ? "" : `http://127.0.0.1:${backendPort}`;
  const deployment = remote || embedded;
  await build({ deployment, demo: !dev });

  const address = `http://localhost:${port}/`;
  const ends = [];
  const origins = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
  if (!remote) ends.push(await startBackend({ port: backendPort, origins }));
  ends.push(await startPages({ dev, port, deployment }));
  interruptMeansSuccess();
  const server = remote || `http://127.0.0.1:${backendPort} (its data: .cache/backend/data.json)`;
  console.log(`\n  Open ${address} in two tabs\n  Server: ${server}\n  Ctrl-C ends it\n`);
  await Promise.race(ends.map((server) => server.over));
});
