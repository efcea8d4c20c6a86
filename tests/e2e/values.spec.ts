import type { Page } from "@playwright/test";
import { probesListed, probesRun, registerProbe } from "./probe-operation.js";
import { expect, PROFILES, test } from "./stage.js";
import { Tab } from "./tab.js";

const IN_WORDS = {
  date: "Date 2026-02-28T12:30:00.000Z",
  large: "bigint 9007199254740993",
  bytes: "ArrayBuffer 0,255,7",
  map: "Map scores: bigint 3, since: Date 1999-12-31T00:00:00.000Z",
};

for (const profile of PROFILES) {
  test.describe(profile, () => {
    test.use({ profile });

    test("a Date, a BigInt, an ArrayBuffer and a Map outlive a call, a reload and another tab", async ({
      context,
      site,
      backend,
    }) => {
      const a = await Tab.open(context, { site, backend });
      const b = await Tab.open(context, { site, backend });
      await a.isReadyForOffline();
      await backend.network("down");
      for (const tab of [a, b]) {
        await expect(tab.fact("connection")).not.toHaveText("Connected");
        await registerProbe(tab.page);
      }

      await callProbe(a.page);
      await expect.poll(() => probesListed(a.page)).toEqual([IN_WORDS]);
      await expect.poll(() => probesListed(b.page)).toEqual([IN_WORDS]);

      await a.reload();
      await registerProbe(a.page);
      await expect.poll(() => probesListed(a.page)).toEqual([IN_WORDS]);

      // Whichever tab sends it now, `run` gets what was passed.
      await backend.network("up");
      await expect
        .poll(async () => [await probesRun(a.page), await probesRun(b.page)].flat())
        .toEqual([IN_WORDS]);
    });
  });
}

async function callProbe(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const map = new Map<string, unknown>([
      ["scores", 3n],
      ["since", new Date("1999-12-31T00:00:00Z")],
    ]);
    const args = {
      date: new Date("2026-02-28T12:30:00Z"),
      large: 9_007_199_254_740_993n,
      bytes: new Uint8Array([0, 255, 7]).buffer,
      map,
    };
    await window.tabweaveDemo!.client.mutate(window.probeOperation!, args).persisted;
  });
}
