// What two unmodified Convex clients get from the backend.

import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference, type PaginationResult } from "convex/server";
import { ConvexError } from "convex/values";
import { describe, expect, test } from "vitest";
import { Backend, FUNCTIONS, unsignedToken } from "./backend.js";
import { api, ledger, liveInteraction, rejection, values } from "./campaign.js";

const entries = {
  list: makeFunctionReference<"query", Record<string, never>, string[]>("entries:list"),
  whoAmI: makeFunctionReference<"query", Record<string, never>, string | null>("entries:whoAmI"),
  add: makeFunctionReference<"mutation", { text: string }>("entries:add"),
  refuse: makeFunctionReference<"mutation", { amount: bigint }>("entries:refuse"),
  secret: makeFunctionReference<"mutation", Record<string, never>>("entries:secret"),
  writeLater: makeFunctionReference<"mutation", { text: string }>("entries:writeLater"),
  writeTwice: makeFunctionReference<"action", { text: string }, string>("entries:writeTwice"),
};

describe("the demo's functions", () => {
  test("a change by one client reaches the other one's subscription", async () => {
    const backend = await Backend.start();
    const [a, b] = [backend.client(), backend.client()];
    const { _id: id } = await liveInteraction(a);
    const seenByB = values(b, api.interactions.get, { id });
    await expect.poll(() => seenByB.at(-1)?.status).toBe("live");

    await expect(a.mutation(api.interactions.changeStatus, { id, status: "paused" })).resolves.toEqual({
      revision: 2,
    });

    await expect.poll(() => seenByB.at(-1)?.status).toBe("paused");
    expect(seenByB.map((interaction) => interaction?.revision)).toEqual([1, 2]);
  });

  test("a client that has its answer sees the effect", async () => {
    const backend = await Backend.start();
    const client = backend.client();
    const { _id: id } = await liveInteraction(client);
    const seen = values(client, api.interactions.get, { id });
    await expect.poll(() => seen.length).toBe(1);
    await client.mutation(api.interactions.editNote, { id, note: "The raft is gone." });
    expect(seen.at(-1)?.note).toBe("The raft is gone.");
  });

  test("every mutation that took effect is in the ledger, in order; a refused one is not", async () => {
    const backend = await Backend.start();
    const client = backend.client();
    const { _id: id, campaignId } = await liveInteraction(client);
    const { participants } = await liveInteraction(client);
    await client.mutation(api.interactions.advanceTurn, { id });
    await client.mutation(api.interactions.changeStatus, { id, status: "completed" });
    const refused = await rejection(client.mutation(api.interactions.changeStatus, { id, status: "live" }));
    expect(refused).toBeInstanceOf(ConvexError);
    expect((refused as ConvexError<{ code: string }>).data.code).toBe("already_completed");
    await client.mutation(api.interactions.create, { campaignId, name: "The far bank", participants });
    await client.mutation(api.interactions.cheer, { id });
    await client.mutation(api.interactions.remove, { id });
    const gone = await rejection(client.mutation(api.interactions.remove, { id }));
    expect((gone as ConvexError<{ code: string }>).data.code).toBe("not_found");
    expect(await ledger(client)).toEqual([
      "interactions:advanceTurn",
      "interactions:changeStatus",
      "interactions:create",
      "interactions:cheer",
      "interactions:remove",
    ]);
  });

  test("after the last participant's turn a new round begins", async () => {
    const backend = await Backend.start();
    const client = backend.client();
    const { _id: id, participants, round, turnIndex } = await liveInteraction(client);
    for (let turn = turnIndex; turn < participants.length; turn += 1) {
      await client.mutation(api.interactions.advanceTurn, { id });
    }
    expect(await client.query(api.interactions.get, { id })).toMatchObject({
      round: round + 1,
      turnIndex: 0,
    });
  });

  test("an argument that fails validation changes nothing", async () => {
    const backend = await Backend.start();
    const client = backend.client();
    const { _id: id } = await liveInteraction(client);
    const wrong = { id, status: "exploded" as "live" };
    const error = await rejection(client.mutation(api.interactions.changeStatus, wrong));
    expect(String(error)).toMatch(/Validator error/);
    expect(await ledger(client)).toEqual([]);
  });

  test("a folder without a data file starts with the sample data, or empty if told so", async () => {
    const seeded = await (await Backend.start()).client().query(api.campaigns.list, {});
    expect(seeded.map(({ name }) => name)).toEqual(["Beneath Castle Orrery", "The Salt Road"]);
    expect(await (await Backend.start(["--empty"])).client().query(api.campaigns.list, {})).toEqual([]);
  });
});

describe("the rest of Convex", () => {
  test("the data of a ConvexError comes back as it was thrown, and its writes are undone", async () => {
    const client = (await Backend.start(FUNCTIONS)).client();
    const error = await rejection(client.mutation(entries.refuse, { amount: 2n ** 60n }));
    expect(error).toBeInstanceOf(ConvexError);
    const { data } = error as ConvexError<{ code: string }>;
    expect(data).toEqual({ code: "too_much", amount: 2n ** 60n, list: [1, null, "two"] });
    expect(await client.query(entries.list, {})).toEqual([]);
  });

  test("internal and unknown functions are not there for clients", async () => {
    const client = (await Backend.start(FUNCTIONS)).client();
    const unknown = makeFunctionReference<"mutation">("entries:unknown");
    for (const reference of [entries.secret, unknown]) {
      expect(String(await rejection(client.mutation(reference, {})))).toMatch(
        /Could not find public function/,
      );
    }
  });

  test("what actions and scheduled functions write reaches subscriptions and the file", async () => {
    const backend = await Backend.start(FUNCTIONS);
    const client = backend.client();
    const seen = values(client, entries.list, {});
    await expect(client.action(entries.writeTwice, { text: "action" })).resolves.toBe("written");
    await client.mutation(entries.writeLater, { text: "later" });
    await expect.poll(() => seen.at(-1)).toEqual(["action 1", "action 2", "later"]);
    await backend.kill();
    await backend.restart();
    expect(await backend.client().query(entries.list, {})).toEqual(["action 1", "action 2", "later"]);
  });

  test("a page keeps its end when something is put into it", async () => {
    const client = (await Backend.start(FUNCTIONS)).client();
    for (const text of ["b", "d", "f"]) await client.mutation(entries.add, { text });
    type Page = PaginationResult<{ text: string }>;
    const page = makeFunctionReference<
      "query",
      { paginationOpts: { numItems: number; cursor: string | null } },
      Page
    >("entries:page");
    const seen = values(client, page, { paginationOpts: { numItems: 2, cursor: null } });
    const texts = () => seen.at(-1)?.page.map(({ text }) => text);
    await expect.poll(texts).toEqual(["b", "d"]);
    await client.mutation(entries.add, { text: "c" });
    expect(texts()).toEqual(["b", "c", "d"]);
    const { continueCursor } = seen.at(-1)!;
    const next = await client.query(page, { paginationOpts: { numItems: 2, cursor: continueCursor } });
    expect(next.page.map(({ text }) => text)).toEqual(["f"]);
  });

  test("a token says who somebody is, also over HTTP", async () => {
    const backend = await Backend.start(FUNCTIONS);
    const client = backend.client();
    const seen = values(client, entries.whoAmI, {});
    await expect.poll(() => seen).toEqual([null]);
    client.setAuth(async () => unsignedToken("mira"));
    await expect.poll(() => seen.at(-1)).toBe("https://accounts.test|mira");
    const refused = backend.client();
    const signedIn: boolean[] = [];
    refused.setAuth(
      async () => "no token at all",
      (is) => void signedIn.push(is),
    );
    await expect.poll(() => signedIn).toEqual([false]);

    const http = new ConvexHttpClient(backend.address, { logger: false });
    expect(await http.query(entries.whoAmI, {})).toBeNull();
    http.setAuth(unsignedToken("oswin"));
    expect(await http.query(entries.whoAmI, {})).toBe("https://accounts.test|oswin");
    await http.mutation(entries.add, { text: "by HTTP" });
    expect(await http.action(entries.writeTwice, { text: "x" })).toBe("written");
    expect(await client.query(entries.list, {})).toEqual(["by HTTP", "x 1", "x 2"]);
    http.setAuth(unsignedToken("oswin", -60));
    expect(String(await rejection(http.query(entries.whoAmI, {})))).toMatch(/expired/);
    http.clearAuth();
    const error = await rejection(http.mutation(entries.refuse, { amount: 1n }));
    expect((error as ConvexError<{ code: string }>).data.code).toBe("too_much");
  });
});
