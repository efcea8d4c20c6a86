// The relay between the browser of wasm-bindgen's runner and its server.

import assert from "node:assert/strict";
import { createServer, get } from "node:http";
import { test } from "node:test";
import { startRelay } from "../../scripts/lib/relay.mjs";

/** A server that loses a connection which is opened while another one is. */
async function fragileServer(t) {
  let open = 0;
  const server = createServer((request, reply) => reply.end(`answer to ${request.url}`));
  server.on("connection", (socket) => {
    open += 1;
    if (open > 1) socket.pause();
    socket.on("close", () => {
      open -= 1;
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return server.address().port;
}

/** Asks the relay for an address as a browser does. */
function fetchThrough(relay, url) {
  const [host, port] = relay.address.split(":");
  return new Promise((resolve, reject) => {
    get({ host, port, path: url, agent: false }, async (answer) => {
      answer.setEncoding("utf8");
      let text = "";
      for await (const part of answer) text += part;
      resolve({ status: answer.statusCode, text });
    }).once("error", reject);
  });
}

test("requests that come at once are passed on one by one, and all are answered", async (t) => {
  const port = await fragileServer(t);
  const relay = await startRelay();
  t.after(() => relay.stop());
  const numbers = Array.from({ length: 12 }, (_, number) => number);
  const answers = await Promise.all(
    numbers.map((number) => fetchThrough(relay, `http://127.0.0.1:${port}/${number}`)),
  );
  assert.deepEqual(
    answers,
    numbers.map((number) => ({ status: 200, text: `answer to /${number}` })),
  );
});

test("a server that is gone holds up nobody, and the world is not reached", async (t) => {
  const port = await fragileServer(t);
  const relay = await startRelay();
  t.after(() => relay.stop());
  await assert.rejects(fetchThrough(relay, "http://127.0.0.1:1/"));
  assert.equal((await fetchThrough(relay, "http://example.com/")).status, 403);
  assert.equal((await fetchThrough(relay, `http://127.0.0.1:${port}/`)).status, 200);
});
