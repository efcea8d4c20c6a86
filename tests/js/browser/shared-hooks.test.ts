import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("hooks.tsx");

test("useTopic shows all entries and publishes; what did not change renders nothing", async () => {
  const context = await site.context();
  const [page, other] = [await site.page(context), await site.page(context)];
  await other.evaluate(async () => {
    Object.assign(window, { tabweave: await window.stage.ready() });
  });
  const seen = await page.evaluate(async () => {
    const { act, element, Entries, show, text } = window.hooks;
    const { client, MemorySource, until } = window.stage;
    const tabweave = client({ source: new MemorySource() });
    const topic = tabweave.topic<number>("counts", { durable: false });
    const renders: string[] = [];
    show(tabweave, element(Entries, { renders }));
    const first = text();
    await act(async () => document.querySelector("button")?.click());
    await act(async () => document.querySelector("button")?.click());
    const clicked = text();
    const before = renders.length;
    await act(async () => topic.publish("clicks", 2));
    const isQuiet = renders.length === before;
    await until(() => tabweave.connectivity.getSnapshot().role === "follower");
    return { first, clicked, isQuiet };
  });
  expect(seen).toEqual({ first: "", clicked: "clicks=2", isQuiet: true });
  await other.evaluate(async () => {
    const { tabweave } = window as unknown as { tabweave: import("tabweave").TabweaveClient };
    const topic = tabweave.topic<number>("counts", { durable: false });
    await window.stage.until(() => topic.get("clicks") === 2);
    topic.publish("from elsewhere", 1);
  });
  await expect.poll(() => page.evaluate(() => window.hooks.text())).toBe("clicks=2,from elsewhere=1");
});

test("useTopic with a key renders for that key only, and follows another key", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { act, element, Value, show, text, wrapped } = window.hooks;
    const tabweave = await window.stage.ready();
    const topic = tabweave.topic<string>("drafts", { durable: true });
    const renders: string[] = [];
    const shown = show(tabweave, element(Value, { id: "a", renders }));
    const texts = [text()];
    const before = renders.length;
    await act(async () => void topic.publish("b", "another"));
    const isQuiet = renders.length === before;
    await act(async () => document.querySelector("button")?.click());
    texts.push(text());
    await act(async () => document.querySelector("button")?.click());
    texts.push(text());
    await act(async () => shown.rerender(wrapped(tabweave, element(Value, { id: "b", renders }))));
    texts.push(text());
    await act(async () => tabweave.setIdentity("somebody else"));
    texts.push(text());
    return { texts, isQuiet };
  });
  expect(seen).toEqual({ texts: ["none", "new", "none", "another", "none"], isQuiet: true });
});

test("usePeers lists the other tabs, and looks for those that left as long as it is shown", async () => {
  const context = await site.context();
  const [leader, page] = [await site.page(context), await site.page(context)];
  await leader.evaluate(async () => {
    await window.stage.ready({ version: "7" });
  });
  const watching = await page.evaluate(async () => {
    const { element, show, text, Tabs } = window.hooks;
    const { client, MemorySource, until, engineClass } = window.stage;
    const prototype = (await engineClass()).prototype as { watchPeers: (watching: boolean) => void };
    const real = prototype.watchPeers;
    const calls: boolean[] = [];
    prototype.watchPeers = function (isWatching) {
      calls.push(isWatching);
      real.call(this, isWatching);
    };
    const tabweave = client({ source: new MemorySource() });
    await until(() => tabweave.connectivity.getSnapshot().role === "follower");
    Object.assign(window, { shown: show(tabweave, element(Tabs)), calls });
    await until(() => text() === "follows false 7 leads");
    return calls.at(-1);
  });
  expect(watching).toBe(true);
  await leader.close();
  await expect.poll(() => page.evaluate(() => window.hooks.text()), { timeout: 10_000 }).toBe("leads false");
  const last = await page.evaluate(() => {
    const { shown, calls } = window as unknown as { shown: { unmount(): void }; calls: boolean[] };
    shown.unmount();
    return calls.at(-1);
  });
  expect(last).toBe(false);
});

test("what one person's call came to is not shown to the next", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { act, element, Renamer, show, text } = window.hooks;
    const { ready, server, until } = window.stage;
    server.answer = () => "the answer for ann";
    const tabweave = await ready({ identity: "ann" });
    const told: Array<import("../pages/hooks.js").Rename> = [];
    show(tabweave, element(Renamer, { tell: (operation: (typeof told)[number]) => told.push(operation) }));
    await act(async () => {
      await told.at(-1)?.mutateAsync({ id: "1", text: "by ann" });
    });
    await until(() => text().startsWith("success"));
    const before = text();
    server.answer = () => new Promise(() => {});
    await act(async () => tabweave.setIdentity("bob"));
    const after = text();
    // A call that is on its way when the person changes shows nothing of its end either.
    await act(async () => void told.at(-1)?.mutate({ id: "1", text: "by bob" }));
    const pending = text();
    await act(async () => tabweave.setIdentity(null));
    return { before, after, pending, last: text() };
  });
  expect(seen).toEqual({
    before: "success  the answer for ann",
    after: "idle  undefined",
    pending: "pending  undefined",
    last: "idle  undefined",
  });
});
