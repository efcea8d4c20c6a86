import { expect, PROFILES, test } from "./stage.js";
import { Tab } from "./tab.js";

const SCENE = "Ambush at Heron Ford";
const NOTE = "The rope is cut. Everybody is on the far bank but Oswin.";

for (const profile of PROFILES) {
  test.describe(profile, () => {
    test.use({ profile });

    test("three changes made offline outlive a reload and reach the server once, in order", async ({
      context,
      site,
      backend,
    }) => {
      const campaign = await backend.campaignId("The Salt Road");
      const a = await Tab.open(context, { site, backend, campaign });
      const b = await Tab.open(context, { site, backend, campaign });
      await a.isReadyForOffline();

      await test.step("the network goes away", async () => {
        await context.setOffline(true);
        await backend.network("down");
        await expect(a.fact("connection")).toHaveText("Offline");
      });

      await test.step("three changes in tab A", async () => {
        await a.advanceTurn(SCENE);
        await a.writeNote(SCENE, NOTE);
        await a.ask(SCENE, "Paused");
        await a.waits(3);
      });

      await test.step("tab A is loaded again without network, and still shows them", async () => {
        await a.reload();
        await a.shows(SCENE, "Paused");
        await expect(a.scene(SCENE)).toContainText(NOTE);
        await expect(a.scene(SCENE)).toContainText("Turn of Oswin Vale, cleric");
        await expect(a.scene(SCENE).getByText("Not yet confirmed: 3 changes")).toBeVisible();
        await expect(a.page.getByText("From your last visit.")).toBeVisible();
        await a.waits(3);
      });

      await test.step("the network comes back", async () => {
        await backend.network("up");
        await context.setOffline(false);
        for (const tab of [a, b]) {
          await tab.isConnected();
          await tab.waits(0);
          await tab.showsConfirmed(SCENE);
          await tab.shows(SCENE, "Paused");
          await expect(tab.scene(SCENE)).toContainText(NOTE);
          await expect(tab.scene(SCENE)).toContainText("Turn of Oswin Vale, cleric");
        }
      });

      expect(await backend.ledger()).toEqual([
        `interactions:advanceTurn ${SCENE}: 2/2`,
        `interactions:editNote ${SCENE}: ${NOTE}`,
        `interactions:changeStatus ${SCENE}: paused`,
      ]);
    });
  });
}
