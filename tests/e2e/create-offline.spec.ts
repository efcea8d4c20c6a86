import { expect, PROFILES, test } from "./stage.js";
import { Tab } from "./tab.js";

const SCENE = "The bridge is out";
const NOTE = "Nobody has seen the toll keeper since dusk.";

for (const profile of PROFILES) {
  test.describe(profile, () => {
    test.use({ profile });

    test("a scene created offline is changed offline, in two tabs and over a reload, and all of it is sent once", async ({
      context,
      site,
      backend,
    }) => {
      const campaign = await backend.campaignId("The Salt Road");
      const a = await Tab.open(context, { site, backend, campaign });
      const b = await Tab.open(context, { site, backend, campaign });
      await a.isReadyForOffline();
      await context.setOffline(true);
      await backend.network("down");
      await expect(a.fact("connection")).toHaveText("Offline");

      await a.create(SCENE, "Mira Thorne, Bram Ironquill");
      await a.ask(SCENE, "Live");
      await b.writeNote(SCENE, NOTE);
      await a.waits(3);
      await a.reload();
      await a.advanceTurn(SCENE);
      await a.waits(4);
      const item = a.page.getByRole("listitem").filter({ has: a.scene(SCENE) });
      await item.evaluate((element) => element.setAttribute("data-kept", ""));

      await test.step("the network comes back", async () => {
        await backend.network("up");
        await context.setOffline(false);
        for (const tab of [a, b]) {
          await tab.isConnected();
          await tab.waits(0);
          await tab.showsConfirmed(SCENE);
          await tab.shows(SCENE, "Live");
          await expect(tab.scene(SCENE)).toContainText(NOTE);
          await expect(tab.scene(SCENE)).toContainText("Turn of Bram Ironquill");
          await expect(tab.scene(SCENE)).toHaveCount(1);
        }
      });

      // React kept the item, though the scene has another id now.
      await expect(item).toHaveAttribute("data-kept");
      expect(await backend.ledger()).toEqual([
        `interactions:create ${SCENE}`,
        `interactions:changeStatus ${SCENE}: live`,
        `interactions:editNote ${SCENE}: ${NOTE}`,
        `interactions:advanceTurn ${SCENE}: 1/1`,
      ]);
    });

    test("what is created and changed in a tab's last task is done by another one", async ({
      context,
      site,
      backend,
    }) => {
      const campaign = await backend.campaignId("The Salt Road");
      const a = await Tab.open(context, { site, backend, campaign });
      const b = await Tab.open(context, { site, backend, campaign });
      await backend.network("down");
      await expect(a.fact("connection")).not.toHaveText("Connected");
      await a.crashInTheTask(`
        const { placeholder } = client.mutate(operations.createInteraction, ${JSON.stringify({ campaignId: campaign, name: SCENE })});
        client.mutate(operations.changeStatus, { id: placeholder, status: "live" });
      `);
      await expect(b.fact("tab")).toHaveText("Leader");
      await b.waits(2);
      await b.shows(SCENE, "Live");
      await backend.network("up");
      await b.isConnected();
      await b.waits(0);
      await b.showsConfirmed(SCENE);
      expect(await backend.ledger()).toEqual([
        `interactions:create ${SCENE}`,
        `interactions:changeStatus ${SCENE}: live`,
      ]);
    });
  });
}
