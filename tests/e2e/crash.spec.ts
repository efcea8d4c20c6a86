import { holdSharedStore, letGoOfSharedStore } from "./held-store.js";
import { expect, PROFILES, test } from "./stage.js";
import { Tab } from "./tab.js";

const SCENE = "Ambush at Heron Ford";

for (const profile of PROFILES) {
  test.describe(profile, () => {
    test.use({ profile });

    test("a crashed tab's operations are sent by another one, down to its last task", async ({
      context,
      site,
      backend,
    }) => {
      const campaign = await backend.campaignId("The Salt Road");
      const a = await Tab.open(context, { site, backend, campaign });
      const b = await Tab.open(context, { site, backend, campaign });
      await expect(a.fact("tab")).toHaveText("Leader");

      await backend.network("down");
      await expect(a.fact("connection")).not.toHaveText("Connected");
      await a.advanceTurn(SCENE);
      await a.ask(SCENE, "Paused");
      await b.waits(2);
      // Tab A can reach nothing but its own journal.
      await holdSharedStore(b.page);
      await a.callAndCrashInTheSameTask("changeStatus", { id: await a.idOf(SCENE), status: "completed" });
      await letGoOfSharedStore(b.page);

      await test.step("tab B leads, knows all three, and sends them", async () => {
        await expect(b.fact("tab")).toHaveText("Leader");
        await b.waits(3);
        await b.shows(SCENE, "Completed");
        await backend.network("up");
        await b.isConnected();
        await b.waits(0);
        await b.showsConfirmed(SCENE);
      });

      expect(await backend.ledger()).toEqual([
        `interactions:advanceTurn ${SCENE}: 2/2`,
        `interactions:changeStatus ${SCENE}: paused`,
        `interactions:changeStatus ${SCENE}: completed`,
      ]);
    });
  });
}
