import { describe, expect, test } from "vitest";
import { launch } from "./browser.js";
import { goBack, leave } from "./cache.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

/** A page without the engine that holds something when it goes into the cache: what becomes of it there. */
async function cachedWith(
  hold: () => unknown,
  meanwhile: () => unknown,
): Promise<{ kept: boolean; why: string }> {
  const site = await Site.open();
  const browser = await launch();
  const [tab, other] = [await Tab.open(browser, site), await Tab.open(browser, site)];
  await tab.page.evaluate(hold);
  await leave(tab, site);
  await other.page.evaluate(meanwhile);
  const kept = await goBack(tab);
  const why = await tab.page.evaluate(() => {
    const [entry] = performance.getEntriesByType("navigation");
    return JSON.stringify((entry as unknown as { notRestoredReasons?: unknown }).notRestoredReasons ?? null);
  });
  return { kept, why };
}

describe("what the browser throws a page out of the cache for, and what not", () => {
  test("an open channel, and a message to it", async () => {
    const hold = () => {
      const channel = new BroadcastChannel("any");
      channel.onmessage = () => {};
      Object.assign(window, { channel });
    };
    const seen = await cachedWith(hold, () => new BroadcastChannel("any").postMessage("news"));
    expect(seen).toEqual({ kept: false, why: expect.stringContaining("broadcastchannel") });
  });

  test("a lock that is held, and somebody who asks which are", async () => {
    // Left before the lock is granted, the page would be thrown out for another reason.
    const hold = () =>
      new Promise<void>((held) => {
        void navigator.locks.request("any", () => {
          held();
          return new Promise(() => {});
        });
      });
    const seen = await cachedWith(hold, () => navigator.locks.query().then(() => {}));
    expect(seen).toEqual({ kept: false, why: expect.stringContaining("weblocks-contention") });
  });

  test("nothing, if nothing is held", async () => {
    expect(
      await cachedWith(
        () => {},
        () => navigator.locks.query().then(() => {}),
      ),
    ).toMatchObject({ kept: true });
  });
});
