import { framesSeen, recordFrames, statusDrawnInTheFrameOfTheClick } from "./frames.js";
import { expect, test } from "./stage.js";
import { Tab } from "./tab.js";

const SCENE = "Night watch on the dunes";

test("a change shows in both tabs before the server answers, and the old value never comes back", async ({
  context,
  site,
  backend,
}) => {
  const campaign = await backend.campaignId("The Salt Road");
  const a = await Tab.open(context, { site, backend, campaign });
  const b = await Tab.open(context, { site, backend, campaign, view: "player" });
  await expect(a.fact("tab")).toHaveText("Leader");
  await recordFrames(a.page, SCENE);
  await recordFrames(b.page, SCENE);

  await test.step("the server has the mutation, and has not run it", async () => {
    await backend.rule({ on: "mutation", action: "delay" });
    expect(await statusDrawnInTheFrameOfTheClick(a.page, SCENE, "live")).toBe("live");
    await b.shows(SCENE, "Live");
    await b.showsPending(SCENE);
    await expect.poll(async () => (await backend.stats()).held).toBe(1);
    expect((await backend.scene(SCENE)).status).toBe("planned");
  });

  await test.step("the server answers, and both tabs end on its state", async () => {
    await backend.clearRules();
    await a.showsConfirmed(SCENE);
    await b.showsConfirmed(SCENE);
    expect((await backend.scene(SCENE)).status).toBe("live");
  });

  await test.step("the server answers tab A, while what it tells tab B is on its way", async () => {
    await backend.rule({ on: "transition", action: "delay", target: "others" });
    await a.ask(SCENE, "Paused");
    await a.showsConfirmed(SCENE);
    await a.waits(0);
    expect((await backend.scene(SCENE)).status).toBe("paused");
    expect((await backend.stats()).held).toBe(1);
    await b.shows(SCENE, "Paused");
    await b.showsPending(SCENE);
  });

  await test.step("it arrives, and nothing stays pending", async () => {
    await backend.clearRules();
    await b.showsConfirmed(SCENE);
    await b.waits(0);
  });

  for (const tab of [a, b]) {
    expect(await framesSeen(tab.page)).toMatchObject([
      { status: "planned", pending: false },
      { status: "live", pending: true },
      { status: "live", pending: false },
      { status: "paused", pending: true },
      { status: "paused", pending: false },
    ]);
  }
  expect(await backend.ledger()).toEqual([
    `interactions:changeStatus ${SCENE}: live`,
    `interactions:changeStatus ${SCENE}: paused`,
  ]);
});
