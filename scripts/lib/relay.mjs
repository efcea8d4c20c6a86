// A proxy for the browser of wasm-bindgen's test runner, whose server loses a connection now and then when several are
// opened at once: its pool of threads counts one that was woken as still waiting. Through here they come one by one.

import { createServer, request } from "node:http";

const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Passes requests to servers of this machine on, one after another, each over a connection of its own. */
export async function startRelay() {
  let last = Promise.resolve();
  const server = createServer((incoming, reply) => {
    last = last.then(() => pass(incoming, reply));
  });
  // What a browser wants of the world meanwhile is no part of a test.
  server.on("connect", (_, socket) => socket.destroy());
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${server.address().port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Resolves, and never rejects, when the reply has been passed back or somebody has gone. */
function pass(incoming, reply) {
  return new Promise((resolve) => {
    const url = URL.canParse(incoming.url) ? new URL(incoming.url) : undefined;
    reply.once("close", resolve);
    if (url === undefined || !loopback.has(url.hostname)) {
      reply.writeHead(403).end();
      return;
    }
    const { method, headers } = incoming;
    const outgoing = request(url, { method, headers, agent: false }, (answer) => {
      reply.writeHead(answer.statusCode, answer.headers);
      answer.pipe(reply);
    });
    outgoing.once("error", () => reply.destroy());
    incoming.pipe(outgoing);
  });
}
