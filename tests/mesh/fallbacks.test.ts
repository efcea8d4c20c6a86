import { expect, test } from "vitest";
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
