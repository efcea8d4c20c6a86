// Idempotency keys from the outside: real clients, the demo's functions, the running backend.
import { BaseConvexClient } from "convex/browser";
import { getFunctionName } from "convex/server";
import { ConvexError } from "convex/values";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { Backend, unsignedToken } from "./backend.js";
import { api, ledger, liveInteraction, rejection, values } from "./campaign.js";

test("one key is one effect, and the first result for every repeat", async () => {
  const backend = await Backend.start();
  const [a, b] = [backend.client(), backend.client()];
  const { _id: id } = await liveInteraction(a);
  const request = { id, status: "completed", idempotencyKey: "k-1" } as const;
  const first = await a.mutation(api.interactions.changeStatus, request);
  // Without the record a repeat would be refused: completed is completed.
  expect(await a.mutation(api.interactions.changeStatus, request)).toEqual(first);
  expect(await b.mutation(api.interactions.changeStatus, request)).toEqual(first);
  await backend.kill();
  await backend.restart();
  expect(await backend.client().mutation(api.interactions.changeStatus, request)).toEqual(first);
  expect(await ledger(backend.client())).toEqual(["interactions:changeStatus"]);
});

test("repeats that race have one effect", async () => {
  const backend = await Backend.start();
  const clients = Array.from({ length: 5 }, () => backend.client());
  const { _id: id } = await liveInteraction(clients[0]!);
  const answers = await Promise.all(
    clients.map((client) => client.mutation(api.interactions.advanceTurn, { id, idempotencyKey: "k" })),
  );
  expect(new Set(answers.map(({ revision }) => revision))).toEqual(new Set([2]));
  expect(await ledger(clients[0]!)).toEqual(["interactions:advanceTurn"]);
});

test("a run that was refused leaves no record", async () => {
  const backend = await Backend.start();
  const client = backend.client();
  const { _id: id } = await liveInteraction(client);
  await client.mutation(api.interactions.changeStatus, { id, status: "completed" });
  const late = { id, status: "live", idempotencyKey: "late" } as const;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const error = await rejection(client.mutation(api.interactions.changeStatus, late));
    expect((error as ConvexError<{ code: string }>).data.code).toBe("already_completed");
  }
  expect(await client.query(api.tabweave.outcomes, { keys: ["late"] })).toEqual([]);
});

test("a key with other arguments, or of somebody else, is refused", async () => {
  const backend = await Backend.start();
  const [mira, oswin] = [backend.client(), backend.client()];
  const { _id: id } = await liveInteraction(mira);
  mira.setAuth(async () => unsignedToken("mira"));
  oswin.setAuth(async () => unsignedToken("oswin"));
  const request = { id, note: "Only for my eyes", idempotencyKey: "k-1" };
  const first = await mira.mutation(api.interactions.editNote, request);

  for (const [client, args] of [
    [mira, { ...request, note: "Something else" }],
    [oswin, request],
    [backend.client(), request],
  ] as const) {
    const error = await rejection(client.mutation(api.interactions.editNote, args));
    expect(error).toBeInstanceOf(ConvexError);
    expect((error as ConvexError<{ code: string }>).data.code).toBe("idempotency_key_reused");
    expect(JSON.stringify((error as ConvexError<{ code: string }>).data)).not.toContain("revision");
  }
  expect(await mira.mutation(api.interactions.editNote, request)).toEqual(first);
  expect(await mira.query(api.tabweave.outcomes, { keys: ["k-1"] })).toEqual([{ key: "k-1", result: first }]);
  expect(await oswin.query(api.tabweave.outcomes, { keys: ["k-1"] })).toEqual([]);
  expect(await ledger(mira)).toEqual(["interactions:editNote"]);
});

test("outcomes answers the keys that have a record, in the order asked, and no more than it can", async () => {
  const backend = await Backend.start();
  const client = backend.client();
  const { _id: id } = await liveInteraction(client);
  for (const idempotencyKey of ["k-1", "k-2"]) {
    await client.mutation(api.interactions.advanceTurn, { id, idempotencyKey });
  }
  const keys = ["k-2", "nobody's", "k-1", "k-2"];
  expect(await client.query(api.tabweave.outcomes, { keys })).toEqual([
    { key: "k-2", result: { revision: 3 } },
    { key: "k-1", result: { revision: 2 } },
  ]);
  const many = Array.from({ length: 201 }, (_, index) => `key ${index}`);
  expect(await client.query(api.tabweave.outcomes, { keys: many.slice(1) })).toEqual([]);
  const error = await rejection(client.query(api.tabweave.outcomes, { keys: many }));
  expect((error as ConvexError<{ code: string }>).data.code).toBe("outcomes_keys_max");
});

test("a key and its effect arrive in one transition", async () => {
  const backend = await Backend.start();
  const client = backend.client();
  const { _id: id } = await liveInteraction(client);
  const seen: [status: string | undefined, keys: number | undefined][] = [];
  const watcher = new BaseConvexClient(
    backend.address,
    () => {
      const interaction = watcher.localQueryResult(getFunctionName(api.interactions.get), { id });
      const outcomes = watcher.localQueryResult(getFunctionName(api.tabweave.outcomes), { keys: ["k"] });
      seen.push([
        (interaction as { status: string } | undefined)?.status,
        (outcomes as [] | undefined)?.length,
      ]);
    },
    { webSocketConstructor: WebSocket as unknown as typeof globalThis.WebSocket, logger: false },
  );
  onTestFinished(() => watcher.close());
  watcher.subscribe(getFunctionName(api.interactions.get), { id });
  watcher.subscribe(getFunctionName(api.tabweave.outcomes), { keys: ["k"] });
  await expect.poll(() => seen.at(-1)).toEqual(["live", 0]);
  const loaded = seen.length;
  await client.mutation(api.interactions.changeStatus, { id, status: "paused", idempotencyKey: "k" });
  await expect.poll(() => seen.at(-1)).toEqual(["paused", 1]);
  expect(seen.slice(loaded)).toEqual([["paused", 1]]);
});

test("an unknown outcome is settled by its key: the answer lost, the record there", async () => {
  const backend = await Backend.start();
  const [client, later] = [backend.client(), backend.client()];
  const { _id: id } = await liveInteraction(client);
  const outcomes = values(later, api.tabweave.outcomes, { keys: ["lost"] });
  await expect.poll(() => outcomes).toEqual([[]]);
  await backend.fail({ on: "mutation", action: "delay-response" });
  void client.mutation(api.interactions.changeStatus, { id, status: "paused", idempotencyKey: "lost" });
  await expect.poll(() => outcomes.at(-1)).toEqual([{ key: "lost", result: { revision: 2 } }]);
});
