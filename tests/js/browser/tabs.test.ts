import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

test("one tab leads, the others follow and show what it did; when it goes, another one leads", async () => {
  const context = await site.context();
  const [first, second] = [await site.page(context), await site.page(context)];
  const start = async (expected: string) => {
    const { client, MemorySource, notes, until, texts } = window.stage;
    const source = new MemorySource();
    source.answer("notes", () => [{ id: "1", list: "a", text: "old" }]);
    const tabweave = client({ source });
    tabweave.subscribe(notes, { list: "a" }, () => {});
    Object.assign(window, { tabweave, source });
    await until(() => texts(tabweave) && tabweave.connectivity.getSnapshot().role === expected);
    return tabweave.tab;
  };
  const leader = await first.evaluate(start, "leader");
  const follower = await second.evaluate(start, "follower");

  await first.evaluate(async (peer) => {
    const { server, rename, until } = window.stage;
    const { tabweave } = window as unknown as { tabweave: import("tabweave").TabweaveClient };
    await until(() => tabweave.connectivity.getSnapshot().peers.some(({ tab }) => tab === peer));
    server.answer = () => new Promise(() => {});
    tabweave.mutate(rename, { id: "1", text: "by the leader" });
  }, follower);
  const shown = await second.evaluate(async () => {
    const { texts, until } = window.stage;
    const { tabweave } = window as unknown as { tabweave: import("tabweave").TabweaveClient };
    await until(() => texts(tabweave)?.[0] === "by the leader");
    return tabweave.connectivity.getSnapshot();
  });
  expect(shown).toMatchObject({
    online: true,
    connected: true,
    role: "follower",
    tab: follower,
    peers: [expect.objectContaining({ tab: leader, leads: true, visible: true })],
  });

  await first.close();
  const after = await second.evaluate(async () => {
    const { until } = window.stage;
    const { tabweave } = window as unknown as { tabweave: import("tabweave").TabweaveClient };
    const now = () => tabweave.connectivity.getSnapshot();
    // Nobody looks for tabs that left unless somebody wants to see the list.
    tabweave.watchPeers();
    await until(() => now().role === "leader" && now().peers.length === 0);
    return now();
  });
  expect(after.epoch).toBeGreaterThan(0);
});

test("what a follower does is sent by the leader, and settles in the follower with its cause revived", async () => {
  const context = await site.context();
  const [first, second] = [await site.page(context), await site.page(context)];
  await first.evaluate(async () => {
    const { ready, server } = window.stage;
    await ready();
    server.answer = ({ args }) =>
      args === "bad"
        ? Promise.reject(Object.assign(new RangeError("refused"), { status: 422, data: { limit: 3n } }))
        : `${args} is done`;
  });
  const seen = await second.evaluate(async () => {
    const { client, MemorySource, keep, until, server } = window.stage;
    const tabweave = client({ source: new MemorySource() });
    await until(() => tabweave.connectivity.getSnapshot().role === "follower");
    const good = await tabweave.mutate(keep, "good").settled;
    const error = await tabweave.mutate(keep, "bad").settled.catch((it: unknown) => it);
    const { code, cause } = error as { code: string; cause: Error & { data: { limit: bigint } } };
    return {
      good,
      code,
      cause: [cause.name, cause.message, String(cause.data.limit)],
      calls: server.calls.length,
    };
  });
  expect(seen).toEqual({
    good: "good is done",
    code: "rejected",
    cause: ["RangeError", "refused", "3"],
    calls: 0,
  });
});

test("offline is told by the browser, whatever the source believes", async () => {
  const context = await site.context();
  const page = await site.page(context);
  await page.evaluate(async () => {
    Object.assign(window, { tabweave: await window.stage.ready() });
  });
  const read = () =>
    page.evaluate(() => {
      const { tabweave } = window as unknown as { tabweave: import("tabweave").TabweaveClient };
      const { online, connected } = tabweave.connectivity.getSnapshot();
      return [online, connected, tabweave.view(window.stage.notes, { list: "a" }).stale];
    });
  expect(await read()).toEqual([true, true, false]);
  await context.setOffline(true);
  await expect.poll(read).toEqual([false, false, true]);
  await context.setOffline(false);
  await expect.poll(read).toEqual([true, true, false]);
});
