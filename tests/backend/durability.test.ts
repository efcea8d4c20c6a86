// What survives a cut connection, a killed process and a restart.
import { readFile } from "node:fs/promises";
import { makeFunctionReference } from "convex/server";
import { expect, test } from "vitest";
import { Backend, FUNCTIONS, runBackend } from "./backend.js";
import { api, ledger, liveInteraction, rejection, values } from "./campaign.js";

test("a resend after the answer was lost is answered from the record", async () => {
  const backend = await Backend.start();
  const client = backend.client();
  const { _id: id } = await liveInteraction(client);
  await backend.fail({ on: "mutation", action: "drop-after", times: 1 });
  const first = await client.mutation(api.interactions.cheer, { id });
  expect(await client.mutation(api.interactions.cheer, { id })).toBe(first + 1);
  expect(await backend.stats()).toMatchObject({ mutationsRun: 2, deduped: 1 });
  expect(await ledger(client)).toHaveLength(2);
});

test("a request that was cut off before it ran runs once", async () => {
  const backend = await Backend.start();
  const client = backend.client();
  const { _id: id } = await liveInteraction(client);
  await backend.fail({ on: "mutation", action: "drop-before", times: 1 });
  await client.mutation(api.interactions.cheer, { id });
  expect(await backend.stats()).toMatchObject({ mutationsRun: 1, deduped: 0 });
  expect(await ledger(client)).toHaveLength(1);
});

test("a resend to the process that follows a killed one is answered from the record", async () => {
  const backend = await Backend.start();
  const [client, other] = [backend.client(), backend.client()];
  const { _id: id } = await liveInteraction(client);
  const before = values(other, api.ledger.list, {});
  await expect.poll(() => before.length).toBe(1);
  await backend.fail({ on: "mutation", action: "exit", times: 1 });
  const answer = client.mutation(api.interactions.cheer, { id });
  await backend.ended();
  await backend.restart();
  // Row 1 is the sample data.
  expect(await answer).toBe(2);
  expect(await backend.stats()).toMatchObject({ mutationsRun: 0, deduped: 1 });
  expect(await ledger(client)).toEqual(["interactions:cheer"]);
  await expect.poll(() => before.at(-1)?.length).toBe(2);
});

test("a failed mutation leaves no record: the resend runs it again", async () => {
  const backend = await Backend.start();
  const client = backend.client();
  const { _id: id } = await liveInteraction(client);
  await client.mutation(api.interactions.remove, { id });
  await backend.fail({ on: "mutation", action: "drop-before", times: 1 });
  expect(String(await rejection(client.mutation(api.interactions.cheer, { id })))).toMatch(/not_found/);
  expect(await backend.stats()).toMatchObject({ mutationsFailed: 1, deduped: 0 });
});

test("mutations queued while the server is away run in order", async () => {
  const backend = await Backend.start();
  const client = backend.client();
  const { _id: id } = await liveInteraction(client);
  await backend.kill();
  const notes = ["one", "two", "three", "four", "five"];
  const answers = notes.map((note) => client.mutation(api.interactions.editNote, { id, note }));
  await backend.restart();
  expect((await Promise.all(answers)).map(({ revision }) => revision)).toEqual([2, 3, 4, 5, 6]);
  expect((await client.query(api.interactions.get, { id }))?.note).toBe("five");
  expect(await backend.stats()).toMatchObject({ mutationsRun: 5 });
});

test("a restart keeps documents, ids and creation times, and gives no id twice", async () => {
  const backend = await Backend.start();
  const client = backend.client();
  const interaction = await liveInteraction(client);
  const { campaignId } = interaction;
  const removed = await client.mutation(api.interactions.create, { campaignId, name: "Dead end" });
  await client.mutation(api.interactions.create, { campaignId, name: "Open road" });
  const last = await client.mutation(api.interactions.create, { campaignId, name: "Dead end too" });
  await client.mutation(api.interactions.remove, { id: removed });
  await client.mutation(api.interactions.remove, { id: last });
  const before = await client.query(api.interactions.list, { campaignId });
  const rows = await client.query(api.ledger.list, {});

  for (let restart = 0; restart < 2; restart += 1) {
    await backend.kill();
    await backend.restart();
  }

  const after = backend.client();
  expect(await after.query(api.interactions.list, { campaignId })).toEqual(before);
  expect(await after.query(api.ledger.list, {})).toEqual(rows);
  const next = await after.mutation(api.interactions.create, { campaignId, name: "New road" });
  expect([...before.map(({ _id }) => _id), removed, last]).not.toContain(next);
  const created = await after.query(api.interactions.get, { id: next });
  expect(created?._creationTime).toBeGreaterThan(before.at(-1)!._creationTime);
});

test("the id of the newest document is not given out again after it was removed", async () => {
  const write = makeFunctionReference<"mutation", { text: string }, string>("entries:write");
  const remove = makeFunctionReference<"mutation", { id: string }>("entries:remove");
  const backend = await Backend.start(FUNCTIONS);
  const client = backend.client();
  const id = await client.mutation(write, { text: "short-lived" });
  await client.mutation(remove, { id });
  await backend.kill();
  await backend.restart();
  expect(await client.mutation(write, { text: "next" })).not.toBe(id);
});

test("a file that cannot be used is left alone and named in one line", async () => {
  const backend = await Backend.start();
  await backend.kill();
  const { code, stderr } = await runBackend(["--port", "0", "--data", import.meta.filename]);
  expect(code).toBe(1);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toContain(import.meta.filename);
  expect(await readFile(import.meta.filename, "utf8")).toContain("left alone");
});
