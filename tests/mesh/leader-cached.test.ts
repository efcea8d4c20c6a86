import { expect, test } from "vitest";
import { launch } from "./browser.js";
import { goBack, leave } from "./cache.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

const HAND_OVER_MS_MAX = 1_000;

const texts = (lead: string, count: number) => Array.from({ length: count }, (_, at) => `${lead} ${at}`);

test("a leader in the back/forward cache hands over, stays there while others talk, and catches up", async () => {
  const site = await Site.open();
  const browser = await launch();
  const leader = await Tab.started(browser, site, "leader");
  const next = await Tab.started(browser, site, "follower");
  const waiting = await Tab.started(browser, site, "follower");
  await next.send("before");
  await leader.isIdle();
  await expect.poll(() => leader.settled()).toEqual(["before"]);
  const [firstLife] = await leader.page.evaluate(() => window.mesh.lifeLocks());

  await leave(leader, site);
  const ledAt = await next.ledAt();
  // One tab still waits for the lock, and both go on talking.
  const meanwhile = texts("meanwhile", 20);
  for (const [at, text] of meanwhile.entries()) await (at % 2 === 0 ? next : waiting).send(text);
  await next.isIdle();
  await waiting.isIdle();

  expect(await goBack(leader)).toBe(true);
  const hiddenAt = (await leader.moments()).find(({ what }) => what === "pagehide persisted")!.at;
  console.log(`hand-over after a page went into the back/forward cache: ${ledAt - hiddenAt} ms`);
  expect(ledAt - hiddenAt).toBeLessThan(HAND_OVER_MS_MAX);
  await leader.is("follower");
  const listed = (tab: Tab) =>
    tab.page.evaluate(() =>
      window.mesh.client.outbox.getSnapshot().operations.map(({ state, result }) => `${state} ${result}`),
    );
  await expect.poll(() => listed(leader)).toEqual(["before", ...meanwhile].map((text) => `done ${text}`));
  const learned = await leader.settled();
  expect(new Set(learned).size).toBe(learned.length);
  expect(site.calls.map(({ text }) => text)).toEqual(["before", ...meanwhile]);
  const lives = await leader.page.evaluate(() => window.mesh.lifeLocks());
  expect(lives).toHaveLength(1);
  expect(lives[0]).not.toBe(firstLife);

  await leader.send("after");
  await expect.poll(() => leader.settled()).toContain("after");
});
