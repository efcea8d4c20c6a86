import { expect, test } from "vitest";
import type {} from "../pages/hostile.js";
import { Site } from "./site.js";

const site = Site.forThisFile("hostile.ts");

const SEEDS = [1, 2, 3];
const COUNT = 150;

test.each(SEEDS)(
  "records that cannot be read are left as they are, and hold nobody up (seed %d)",
  async (seed) => {
    const context = await site.context();
    const former = await site.page(context);
    await former.evaluate(async () => {
      const { client, keep, MemorySource, notes, until } = window.stage;
      const source = new MemorySource();
      source.answer("notes", () => [{ id: "1", list: "a", text: "kept" }]);
      const tabweave = client({ source });
      tabweave.subscribe(notes, { list: "a" }, () => {});
      await until(() => tabweave.connectivity.getSnapshot().role === "leader");
      source.setConnected(false);
      await tabweave.mutate(keep, "stored").persisted;
      await tabweave.topic<string>("drafts", { durable: true }).publish("mine", "a draft").persisted;
      tabweave.close();
    });
    await former.evaluate(([seed, count]) => window.strangers.plant(seed, count, "journalled"), [
      seed,
      COUNT,
    ] as const);
    const planted = await former.evaluate(() => window.strangers.planted());
    expect(planted.length).toBeGreaterThan(2 * COUNT);
    await former.close();

    const page = await context.newPage();
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(site.address);
    await page.waitForFunction(() => "stage" in window);
    const seen = await page.evaluate(async () => {
      const { ready, server, until } = window.stage;
      const tabweave = await ready();
      const drafts = tabweave.topic<string>("drafts", { durable: true });
      const done = () => server.calls.map(({ args }) => args);
      await until(() => done().length === 2 && tabweave.outbox.getSnapshot().waiting === 0);
      const codes = tabweave.diagnostics.getSnapshot().map(({ code }) => code as string);
      return {
        done: done().sort(),
        listed: tabweave.outbox
          .getSnapshot()
          .operations.map(({ state, args }) => `${state} ${args}`)
          .sort(),
        drafts: [...drafts.getSnapshot()],
        codes: [...new Set(codes)],
      };
    });
    expect(seen).toEqual({
      done: ["journalled", "stored"],
      listed: ["done journalled", "done stored"],
      drafts: [["mine", "a draft"]],
      codes: ["record_unreadable"],
    });
    expect(await page.evaluate(() => window.strangers.planted())).toEqual(planted);
    expect(errors).toEqual([]);
  },
);

test.each(SEEDS)("messages that cannot be read are counted and do nothing (seed %d)", async (seed) => {
  const context = await site.context();
  const page = await site.page(context);
  const errors: Error[] = [];
  page.on("pageerror", (error) => errors.push(error));
  await page.evaluate(async () => {
    const { engineClass, ready } = window.stage;
    const prototype = (await engineClass()).prototype as { watchPeers: (watching: boolean) => void };
    const real = prototype.watchPeers;
    prototype.watchPeers = function (watching) {
      Object.assign(window, { engine: this });
      real.call(this, watching);
    };
    const tabweave = await ready();
    tabweave.watchPeers()();
    Object.assign(window, { tabweave });
  });
  const speaker = await site.page(context);
  await speaker.evaluate(([seed, count]) => window.strangers.speak(seed, count, "last"), [
    seed,
    COUNT,
  ] as const);
  const seen = await page.evaluate(async () => {
    const { keep, until } = window.stage;
    const { engine, tabweave } = window as unknown as {
      engine: { status(): { droppedMessages: number } };
      tabweave: import("tabweave").TabweaveClient;
    };
    const read = () => tabweave.connectivity.getSnapshot();
    // The channel keeps order: those before it were heard.
    await until(() => read().peers.some(({ app }) => app === "last"));
    return {
      dropped: engine.status().droppedMessages,
      peers: read().peers.length,
      role: read().role,
      codes: tabweave.diagnostics.getSnapshot().map(({ code }) => code),
      done: await tabweave.mutate(keep, 1).settled,
    };
  });
  expect(seen).toEqual({ dropped: COUNT, peers: 1, role: "leader", codes: [], done: "done" });
  expect(errors).toEqual([]);
});
