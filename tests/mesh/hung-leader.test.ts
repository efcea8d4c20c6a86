import { expect, test } from "vitest";
import { launch } from "./browser.js";
import { goOn, rendererOf, stop } from "./renderer.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

const TAKE_OVER_MS_MAX = 5_000;

test("a leader that hangs while it holds the lock is replaced once there is work, and steps down when it wakes", async () => {
  const site = await Site.open();
  const browser = await launch();
  const leader = await Tab.started(browser, site, "leader");
  const other = await Tab.started(browser, site, "follower");
  await other.page.bringToFront();
  const pid = await rendererOf(leader.page);
  await stop(pid);

  const neededAt = Date.now();
  await other.send("needed");
  const ledAt = await other.ledAt();
  console.log(`take-over from a stopped leader: ${ledAt - neededAt} ms`);
  expect(ledAt - neededAt).toBeLessThan(TAKE_OVER_MS_MAX);
  await other.isIdle();
  expect(site.callsOf("needed")).toHaveLength(1);

  goOn(pid);
  await leader.is("follower");
  await leader.isIdle();
  await leader.send("through the new leader");
  await leader.isIdle();
  expect(site.calls.map(({ text }) => text)).toEqual(["needed", "through the new leader"]);
  // The former leader sent nothing.
  const tab = await other.page.evaluate(() => window.mesh.client.tab);
  expect(new Set(site.calls.map((call) => call.tab))).toEqual(new Set([tab]));
});

test("two that find the leader silent at once: one of them leads, and what both did runs once", async () => {
  const site = await Site.open();
  const browser = await launch();
  const leader = await Tab.started(browser, site, "leader");
  const others = [await Tab.started(browser, site, "follower"), await Tab.started(browser, site, "follower")];
  const pid = await rendererOf(leader.page);
  await stop(pid);
  const neededAt = Date.now();
  await Promise.all(others.map((tab, number) => tab.send(`by ${number}`)));
  for (const tab of others) await tab.isIdle();
  console.log(`two in need of a stopped leader: all done after ${Date.now() - neededAt} ms`);
  const roles = await Promise.all(others.map((tab) => tab.page.evaluate(() => window.mesh.role())));
  expect(roles.sort()).toEqual(["follower", "leader"]);
  expect(site.calls.map(({ text }) => text).sort()).toEqual(["by 0", "by 1"]);
  goOn(pid);
  await leader.is("follower");
});
