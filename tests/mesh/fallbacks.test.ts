import { expect, test } from "vitest";
import { launch } from "./browser.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

const withoutChannel = () => void Reflect.deleteProperty(window, "BroadcastChannel");
const withoutTransport = () => {
  Reflect.deleteProperty(window, "BroadcastChannel");
  Object.defineProperty(window, "localStorage", {
    get: () => {
      throw new DOMException("blocked", "SecurityError");
    },
  });
};
const withoutLocks = () =>
  void Object.defineProperty(Navigator.prototype, "locks", { value: undefined, configurable: true });

test("without BroadcastChannel two tabs keep in step by the storage event", async () => {
  const site = await Site.open();
  const browser = await launch();
  const leader = await Tab.started(browser, site, "leader", withoutChannel);
  const follower = await Tab.started(browser, site, "follower", withoutChannel);
  site.hold();
  await follower.send("by the follower");
  await leader.knows(1);
  await leader.send("by the leader");
  await follower.knows(2);
  for (const tab of [leader, follower]) {
    const read = () => tab.page.evaluate(() => window.mesh.texts());
    await expect.poll(read).toEqual(["by the follower", "by the leader"]);
  }
  site.release();
  await follower.isIdle();
  await leader.isIdle();
  expect(site.calls.map(({ text }) => text)).toEqual(["by the follower", "by the leader"]);
});

test("without BroadcastChannel an operation done by another tab than the leader's ends, whatever it returned", async () => {
  const site = await Site.open();
  const browser = await launch();
  const leader = await Tab.open(browser, site, withoutChannel);
  await leader.page.evaluate(() => void window.mesh.start({ operations: [] }));
  await leader.is("leader");
  const runner = await Tab.started(browser, site, "follower", withoutChannel);
  const ends = await runner.page.evaluate(async () => {
    const { mesh, stage } = window;
    const returned = [{ plain: 1 }, undefined, new Map([["not", "JSON"]])];
    stage.server.answer = ({ args }) => returned[args as number];
    const codes = () => mesh.client.diagnostics.getSnapshot().map(({ code }) => code as string);
    const ends: unknown[] = [];
    for (const number of returned.keys()) {
      const result = await mesh.client.mutate(stage.keep, number).settled;
      ends.push([
        JSON.stringify(result) ?? "nothing",
        stage.server.calls.length,
        codes().includes("message_unsendable"),
      ]);
    }
    return ends;
  });
  // What text does not carry is missing, and the tab that knows it says so.
  expect(ends).toEqual([
    ['{"plain":1}', 1, false],
    ["nothing", 2, false],
    ["nothing", 3, true],
  ]);
});

/** Which way messages take in this tab, whom it has heard of, and what it has to say about that. */
async function reach(tab: Tab): Promise<{ transport: string; peers: number; codes: string[] }> {
  return tab.page.evaluate(() => {
    const { connectivity, diagnostics } = window.mesh.client;
    const { transport, peers } = connectivity.getSnapshot();
    return { transport, peers: peers.length, codes: diagnostics.getSnapshot().map(({ code }) => code) };
  });
}

test("without BroadcastChannel and storage events each tab is alone and says so, and operations run once", async () => {
  const site = await Site.open();
  const browser = await launch();
  const alone = { transport: "none", peers: 0, codes: ["transport_missing"] };
  const first = await Tab.started(browser, site, "leader", withoutTransport);
  expect(await reach(first)).toEqual(alone);
  site.hold();
  await first.send("under way", "waiting");
  await expect.poll(() => site.calls.length).toBe(1);
  await first.crash();

  const next = await Tab.started(browser, site, "leader", withoutTransport);
  site.release();
  await next.isIdle();
  expect(site.notes).toEqual(["under way", "waiting"]);
  expect(site.callsOf("waiting")).toHaveLength(1);

  // Two tabs at once meet in the store only: the one that does not lead asks in vain, and takes over.
  const other = await Tab.started(browser, site, "follower", withoutTransport);
  await other.send("by another");
  const neededAt = Date.now();
  await other.isIdle();
  console.log(`without any transport a follower's operation is done after ${Date.now() - neededAt} ms`);
  expect(site.callsOf("by another")).toHaveLength(1);
  expect((await reach(other)).peers).toBe(0);
  await next.send("by the former leader");
  await next.isIdle();
  expect(site.notes).toEqual(["under way", "waiting", "by another", "by the former leader"]);
  expect(site.callsOf("by the former leader")).toHaveLength(1);
});

/** The one that leads, and the one that does not; on a slow machine the second may have taken the lead over. */
async function rolesOf(tabs: readonly [Tab, Tab]): Promise<{ leader: Tab; follower: Tab }> {
  const roles = () => Promise.all(tabs.map((tab) => tab.page.evaluate(() => window.mesh.role())));
  await expect.poll(async () => (await roles()).sort(), { timeout: 10_000 }).toEqual(["follower", "leader"]);
  const [first, second] = tabs;
  return (await roles())[0] === "leader"
    ? { leader: first, follower: second }
    : { leader: second, follower: first };
}

test("without Web Locks one of two tabs leads at a time, under its own epoch, and the other takes over", async () => {
  const site = await Site.open();
  const browser = await launch();
  const tabs: [Tab, Tab] = [
    await Tab.open(browser, site, withoutLocks),
    await Tab.open(browser, site, withoutLocks),
  ];
  for (const tab of tabs) await tab.page.evaluate(() => void window.mesh.start());
  const { leader, follower } = await rolesOf(tabs);
  await follower.send("while both are there");
  await follower.isIdle();

  const reigns = (await leader.moments()).filter(({ what }) => what === "leader");
  const goneAt = Date.now();
  await leader.page.close();
  await follower.send("when one is left");
  await follower.isIdle();
  console.log(`without Web Locks, after the leader was closed: done after ${Date.now() - goneAt} ms`);
  expect(site.calls.map(({ text }) => text)).toEqual(["while both are there", "when one is left"]);
  reigns.push(...(await follower.moments()).filter(({ what }) => what === "leader"));
  expect(new Set(reigns.map(({ epoch }) => epoch)).size).toBe(reigns.length);
  const codes = await follower.page.evaluate(() =>
    window.mesh.client.diagnostics.getSnapshot().map(({ code }) => code as string),
  );
  expect(codes.filter((code) => code === "locks_missing")).toHaveLength(1);
});
