import { settledOperations } from "./calls.js";
import { expect, PROFILES, test } from "./stage.js";
import { Tab } from "./tab.js";

const SCENE = "Ambush at Heron Ford";

for (const profile of PROFILES) {
  test.describe(profile, () => {
    test.use({ profile });

    test("cut off after the commit and loaded again: one effect, and the first result", async ({
      context,
      site,
      backend,
    }) => {
      const campaign = await backend.campaignId("The Salt Road");
      const a = await Tab.open(context, { site, backend, campaign });
      const { revision } = await backend.scene(SCENE);

      // The answer is lost, and nobody is let in again before the tab was loaded anew.
      await backend.rule({ on: "mutation", action: "drop-after", times: 1 });
      await backend.rule({ on: "connect", action: "delay" });
      const id = await a.call("advanceTurn", { id: await a.idOf(SCENE) });
      await expect.poll(async () => (await backend.stats()).mutationsRun).toBe(1);

      await a.reload();
      await a.showsPending(SCENE);
      await a.waits(1);
      await backend.clearRules();

      await a.waits(0);
      await a.showsConfirmed(SCENE);
      await expect(a.scene(SCENE)).toContainText("Turn of Oswin Vale, cleric");
      await expect
        .poll(() => settledOperations(a.page))
        .toEqual([{ id, state: "done", result: { revision: revision + 1 } }]);
      expect(await backend.ledger()).toEqual([`interactions:advanceTurn ${SCENE}: 2/2`]);
    });
  });
}
