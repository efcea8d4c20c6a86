import { expect, test } from "./stage.js";
import { Tab } from "./tab.js";

const SCENE = "Ambush at Heron Ford";
const BEFORE = "The raft lies at the ford. The guard sleeps.";

test("two people edit a note offline: different places are merged, the same words are decided on the screen", async ({
  browser,
  context,
  site,
  backend,
}) => {
  const campaign = await backend.campaignId("The Salt Road");
  const elsewhere = await browser.newContext();
  const mira = await Tab.open(context, { site, backend, campaign });
  const oswin = await Tab.open(elsewhere, { site, backend, campaign });
  await mira.writeNote(SCENE, BEFORE);
  await expect(oswin.scene(SCENE)).toContainText(BEFORE);
  await mira.showsConfirmed(SCENE);

  const bothOffline = async (change: () => Promise<void>) => {
    for (const one of [context, elsewhere]) await one.setOffline(true);
    await backend.network("down");
    for (const tab of [mira, oswin]) await expect(tab.fact("connection")).toHaveText("Offline");
    await change();
    await backend.network("up");
    for (const one of [context, elsewhere]) await one.setOffline(false);
    for (const tab of [mira, oswin]) await tab.isConnected();
  };

  await test.step("different places of the note", async () => {
    await bothOffline(async () => {
      await mira.writeNote(SCENE, `Rain begins. ${BEFORE}`);
      await oswin.writeNote(SCENE, `${BEFORE} Bells ring.`);
    });
    for (const tab of [mira, oswin]) {
      await expect(tab.scene(SCENE)).toContainText(`Rain begins. ${BEFORE} Bells ring.`);
      await tab.waits(0);
    }
  });

  await test.step("the same words", async () => {
    await bothOffline(async () => {
      await mira.writeNote(SCENE, "The raft burns.");
      await oswin.writeNote(SCENE, "The raft sinks.");
    });
  });

  // Whoever came second is asked; the other one has nothing to do.
  const asked = async (tab: Tab) => (await tab.resolver.count()) > 0;
  await expect.poll(async () => (await asked(mira)) !== (await asked(oswin))).toBe(true);
  const [second, first] = (await asked(mira)) ? [mira, oswin] : [oswin, mira];
  const [mine, theirs] = second === mira ? ["burns", "sinks"] : ["sinks", "burns"];
  await expect(second.resolver).toContainText(theirs);
  await expect(second.resolver).toContainText(mine);

  await test.step("it is there after a reload, and is decided once", async () => {
    await second.reload();
    await expect(second.resolver).toBeVisible();
    await second.resolver.getByRole("button", { name: "Mine for all" }).click();
    await second.resolver.getByRole("button", { name: "Save the result" }).click();
    await expect(second.resolver).toHaveCount(0);
    for (const tab of [first, second]) await expect(tab.scene(SCENE)).toContainText(`The raft ${mine}.`);
    await second.waits(0);
  });

  await test.step("the log has every decision", async () => {
    await second.page.getByRole("button", { name: "Outbox" }).click();
    const decisions = second.page.getByRole("list", { name: "Decisions" });
    await expect(decisions.getByText("yours was taken")).toBeVisible();
    await expect(decisions).toContainText(`note became “The raft ${mine}.”`);
  });
  expect(
    [...mira.complaints, ...oswin.complaints].filter((text) => !/network|WebSocket/i.test(text)),
  ).toEqual([]);
  await elsewhere.close();
});
