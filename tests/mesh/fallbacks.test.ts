import { describe, expect, test } from "vitest";
import { launch } from "./browser.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

const withoutChannel = () => void Reflect.deleteProperty(window, "BroadcastChannel");
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

describe("without Web Locks", () => {
  test("one of two tabs leads at a time, each under an epoch of its own, and the other takes over", async () => {
    const site = await Site.open();
    const browser = await launch();
    const first = await Tab.started(browser, site, "leader", withoutLocks);
    const second = await Tab.started(browser, site, "follower", withoutLocks);
    await second.send("sent by the first");
    await second.isIdle();
    const before = (await first.moments()).filter(({ what }) => what === "leader");
    const goneAt = Date.now();
    await first.page.close();
    await second.send("sent by the second");
    await second.isIdle();
    console.log(`without Web Locks, after the leader was closed: done after ${Date.now() - goneAt} ms`);
    expect(site.notes).toEqual(["sent by the first", "sent by the second"]);
    expect(site.calls).toHaveLength(2);
    const after = (await second.moments()).filter(({ what }) => what === "leader");
    expect(new Set([...before, ...after].map(({ epoch }) => epoch)).size).toBe(before.length + after.length);
    const codes = await second.page.evaluate(() =>
      window.mesh.client.diagnostics.getSnapshot().map(({ code }) => code as string),
    );
    expect(codes.filter((code) => code === "locks_missing")).toHaveLength(1);
  });
});
