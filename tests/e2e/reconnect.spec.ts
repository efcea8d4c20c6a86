import { expect, test } from "./stage.js";
import { Tab } from "./tab.js";

const OPERATIONS_EACH = 10;

test("two tabs reconnect at once with 20 operations waiting: the server counts 20 runs", async ({
  context,
  site,
  backend,
}) => {
  const campaign = await backend.campaignId("The Salt Road");
  const a = await Tab.open(context, { site, backend, campaign });
  const b = await Tab.open(context, { site, backend, campaign });

  await context.setOffline(true);
  await backend.network("down");
  const names: string[] = [];
  for (let number = 1; number <= OPERATIONS_EACH; number += 1) {
    for (const [tab, name] of [
      [a, `Scene ${number} of A`],
      [b, `Scene ${number} of B`],
    ] as const) {
      await tab.call("createInteraction", { campaignId: campaign, name });
      names.push(name);
    }
  }
  for (const tab of [a, b]) {
    await tab.waits(names.length);
    for (const name of names) await expect(tab.scene(name)).toBeVisible();
  }

  await backend.network("up");
  await context.setOffline(false);
  for (const tab of [a, b]) {
    await tab.waits(0);
    for (const name of names) await tab.showsConfirmed(name);
  }
  // In the order in which they were accepted, whichever tab accepted them.
  expect(await backend.ledger()).toEqual(names.map((name) => `interactions:create ${name}`));
  const { mutationsRun, mutationsFailed } = await backend.stats();
  expect({ mutationsRun, mutationsFailed }).toEqual({ mutationsRun: names.length, mutationsFailed: 0 });
});
