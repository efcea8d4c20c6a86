// The fault rules, and who may not use them; the command line.
import { once } from "node:events";
import { ConvexError } from "convex/values";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { Backend, runBackend } from "./backend.js";
import { api, ledger, liveInteraction, rejection, values } from "./campaign.js";

/** Answers "open", or the status with which the upgrade was refused. */
async function upgrade(backend: Backend, origin: string | undefined): Promise<string> {
  const socket = new WebSocket(
    `${backend.address.replace("http", "ws")}/api/1.0.0/sync`,
    origin === undefined ? {} : { origin },
  );
  return await new Promise((resolve) => {
    socket.once("open", () => {
      socket.terminate();
      resolve("open");
    });
    socket.once("unexpected-response", (_request, response) => resolve(String(response.statusCode)));
    socket.once("error", (error) => resolve(error.message));
  });
}

test("sockets are open to programs and to pages of this machine only", async () => {
  const backend = await Backend.start();
  expect(await upgrade(backend, undefined)).toBe("open");
  expect(await upgrade(backend, "http://localhost:5173")).toBe("open");
  expect(await upgrade(backend, "http://127.0.0.1:4173")).toBe("open");
  expect(await upgrade(backend, "https://evil.example")).toBe("403");
  expect(await upgrade(backend, "http://localhost.evil.example")).toBe("403");
  const narrow = await Backend.start(["--origin", "http://localhost:5173"]);
  expect(await upgrade(narrow, "http://localhost:5173")).toBe("open");
  expect(await upgrade(narrow, "http://localhost:5174")).toBe("403");
});

test("faults need the flag, the token and a welcome origin", async () => {
  const body = JSON.stringify({ rule: { on: "mutation", action: "error" } });
  const backend = await Backend.start();
  expect((await backend.post(body, { "x-tabweave-token": "guess" })).status).toBe(403);
  expect((await backend.post(body, { origin: "https://evil.example" })).status).toBe(403);
  expect((await fetch(`${backend.address}/stats`)).status).toBe(403);
  expect(await backend.stats()).toMatchObject({ rules: 0 });
  expect((await backend.post(body, { origin: "http://localhost:5173" })).status).toBe(200);
  expect(await backend.stats()).toMatchObject({ rules: 1 });
  const plain = await Backend.start([]);
  expect((await plain.post(body)).status).toBe(404);
  expect((await fetch(`${plain.address}/stats`)).status).toBe(404);
});

test("a rule that makes no sense is refused with a reason", async () => {
  const backend = await Backend.start();
  const refusals: [unknown, RegExp][] = [
    [{ rule: { on: "mutation", action: "explode" } }, /rule\.action/],
    [{ rule: { on: "query", action: "drop-after" } }, /query cannot drop-after/],
    [{ rule: { on: "mutation", action: "delay", milliseconds: 5 } }, /rule\.milliseconds/],
    [{ rule: { on: "mutation", action: "delay", times: 0 } }, /rule\.times/],
    [{ network: "sideways" }, /network/],
    [[], /must have/],
  ];
  for (const [command, reason] of refusals) {
    const response = await backend.post(JSON.stringify(command));
    expect([response.status, await response.text()]).toEqual([400, expect.stringMatching(reason)]);
  }
  expect(await backend.stats()).toMatchObject({ rules: 0 });
});

test("delay holds a mutation, and nothing else, until the rules are cleared", async () => {
  const backend = await Backend.start();
  const client = backend.client();
  const { _id: id } = await liveInteraction(client);
  await backend.fail({ on: "mutation", path: "interactions:cheer", action: "delay" });
  let isAnswered = false;
  const answer = client.mutation(api.interactions.cheer, { id }).then(() => {
    isAnswered = true;
  });
  await expect.poll(async () => (await backend.stats()).held).toBe(1);
  expect(await ledger(client)).toEqual([]);
  expect(isAnswered).toBe(false);
  await backend.command({ clear: true });
  await answer;
  expect(await ledger(client)).toEqual(["interactions:cheer"]);
});

test("a delayed transition keeps the others back from what the sender already knows", async () => {
  const backend = await Backend.start();
  const [a, b] = [backend.client(), backend.client()];
  const { _id: id } = await liveInteraction(a);
  const [seenByA, seenByB] = [
    values(a, api.interactions.get, { id }),
    values(b, api.interactions.get, { id }),
  ];
  await expect.poll(() => [seenByA.length, seenByB.length]).toEqual([1, 1]);
  await backend.fail({ on: "transition", action: "delay", target: "others" });
  await a.mutation(api.interactions.changeStatus, { id, status: "paused" });
  expect(seenByA.at(-1)?.status).toBe("paused");
  expect((await backend.stats()).held).toBe(1);
  expect(seenByB.at(-1)?.status).toBe("live");
  await backend.command({ clear: true });
  await expect.poll(() => seenByB.at(-1)?.status).toBe("paused");
});

test("what is held in one place can go on while another place still holds", async () => {
  const backend = await Backend.start();
  const [a, b] = [backend.client(), backend.client()];
  const { _id: id } = await liveInteraction(a);
  const seenByB = values(b, api.interactions.get, { id });
  await expect.poll(() => seenByB.length).toBe(1);
  await backend.fail({ on: "mutation", action: "delay" });
  await backend.fail({ on: "transition", action: "delay", target: "others" });
  const answer = a.mutation(api.interactions.changeStatus, { id, status: "paused" });
  await expect.poll(async () => (await backend.stats()).held).toBe(1);
  await backend.command({ clear: "mutation" });
  await answer;
  expect(await backend.stats()).toMatchObject({ held: 1, rules: 1 });
  expect(seenByB.at(-1)?.status).toBe("live");
  await backend.command({ clear: "transition" });
  await expect.poll(() => seenByB.at(-1)?.status).toBe("paused");
});

test("delay-response keeps the answer back after the commit; the others know already", async () => {
  const backend = await Backend.start();
  const [a, b] = [backend.client(), backend.client()];
  const { _id: id } = await liveInteraction(a);
  const seenByB = values(b, api.interactions.get, { id });
  await expect.poll(() => seenByB.length).toBe(1);
  await backend.fail({ on: "mutation", action: "delay-response" });
  let isAnswered = false;
  const answer = a.mutation(api.interactions.changeStatus, { id, status: "paused" }).then(() => {
    isAnswered = true;
  });
  await expect.poll(() => seenByB.at(-1)?.status).toBe("paused");
  expect(isAnswered).toBe(false);
  await backend.command({ clear: true });
  await answer;
});

test("an error rule answers with its data, once", async () => {
  const backend = await Backend.start();
  const client = backend.client();
  const { _id: id } = await liveInteraction(client);
  await backend.fail({ on: "mutation", action: "error", error: { code: "dragon" }, times: 1 });
  const error = await rejection(client.mutation(api.interactions.cheer, { id }));
  expect(error).toBeInstanceOf(ConvexError);
  expect((error as ConvexError<{ code: string }>).data).toEqual({ code: "dragon" });
  await client.mutation(api.interactions.cheer, { id });
  expect(await ledger(client)).toHaveLength(1);
});

test("a query can fail, and recovers with the next change", async () => {
  const backend = await Backend.start();
  const client = backend.client();
  const { _id: id } = await liveInteraction(client);
  await backend.fail({ on: "query", path: "interactions:get", action: "error", error: "fog", times: 1 });
  const told: unknown[] = [];
  client.onUpdate(
    api.interactions.get,
    { id },
    (value) => void told.push(value?.revision),
    (error) => void told.push((error as ConvexError<string>).data),
  );
  await expect.poll(() => told).toEqual(["fog"]);
  await client.mutation(api.interactions.advanceTurn, { id });
  await expect.poll(() => told).toEqual(["fog", 2]);
});

test("hang leaves the socket open and never answers; a cut connection brings the resend", async () => {
  const backend = await Backend.start();
  const client = backend.client();
  const { _id: id } = await liveInteraction(client);
  await backend.fail({ on: "mutation", action: "hang", times: 1 });
  const answer = client.mutation(api.interactions.cheer, { id });
  await expect.poll(async () => (await backend.stats()).rules).toBe(0);
  expect(await ledger(client)).toEqual([]);
  expect(client.connectionState().isWebSocketConnected).toBe(true);
  await backend.command({ disconnect: true });
  await answer;
  expect(await backend.stats()).toMatchObject({ mutationsRun: 1, deduped: 0 });
});

test("with the network down nobody gets in; up again, everything waiting goes through", async () => {
  const backend = await Backend.start();
  const client = backend.client();
  const { _id: id } = await liveInteraction(client);
  await backend.command({ network: "down" });
  await expect.poll(() => client.connectionState().isWebSocketConnected).toBe(false);
  const answer = client.mutation(api.interactions.cheer, { id });
  expect(await upgrade(backend, undefined)).toBe("503");
  expect(await backend.stats()).toMatchObject({ connections: 0, mutationsRun: 0 });
  await backend.command({ network: "up" });
  await answer;
  expect(await backend.stats()).toMatchObject({ mutationsRun: 1 });
});

test("a rule for one session leaves the others alone", async () => {
  const backend = await Backend.start();
  const a = backend.client();
  const { _id: id } = await liveInteraction(a);
  // Only now the other one, for which of two is let in first is chance.
  const { sessions } = await backend.stats();
  const b = backend.client();
  await liveInteraction(b);
  await backend.fail({ on: "mutation", action: "error", session: sessions[0]!.session });
  await rejection(a.mutation(api.interactions.cheer, { id }));
  await b.mutation(api.interactions.cheer, { id });
  expect(await ledger(b)).toHaveLength(1);
});

test("a fatal error ends one client and not the server", async () => {
  const backend = await Backend.start();
  const client = backend.client();
  const { _id: id } = await liveInteraction(client);
  await backend.fail({ on: "connect", action: "fatal", times: 1 });
  const socket = new WebSocket(`${backend.address.replace("http", "ws")}/api/1.0.0/sync`);
  socket.on("open", () =>
    socket.send(JSON.stringify({ type: "Connect", sessionId: "s", connectionCount: 0 })),
  );
  const [message] = await once(socket, "message");
  expect(JSON.parse(String(message))).toMatchObject({ type: "FatalError" });
  await once(socket, "close");
  await client.mutation(api.interactions.cheer, { id });
  expect((await backend.stats()).connections).toBe(1);
});

test("a busy port is one clear line and exit code 1", async () => {
  const backend = await Backend.start();
  const { code, stderr, stdout } = await runBackend(["--port", String(backend.port)]);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr.trim().split("\n")).toEqual([expect.stringMatching(`Port ${backend.port} is taken`)]);
});

test("a wrong command line is explained", async () => {
  const noToken = await runBackend(["--faults"]);
  expect([noToken.code, noToken.stderr.trim()]).toEqual([1, "--faults and --token go together."]);
  const unknown = await runBackend(["--colour", "red"]);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toMatch(/--colour.*\n.*main\.mjs \[options\]/s);
});
