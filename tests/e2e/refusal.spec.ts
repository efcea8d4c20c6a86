import { callAndBeRefused } from "./calls.js";
import { expect, test } from "./stage.js";
import { Tab } from "./tab.js";

const SCENE = "The clockwork gate";
const NOTE = "Nobody closes the gate behind them.";
const REASON = `"${SCENE}" is completed and cannot become live.`;

test("a refused change is rolled back in both tabs, a later one on the same scene stays", async ({
  context,
  site,
  backend,
}) => {
  const campaign = await backend.campaignId("Beneath Castle Orrery");
  const a = await Tab.open(context, { site, backend, campaign });
  const b = await Tab.open(context, { site, backend, campaign });

  // The status is not looked at before the sockets were cut and are back; the note waits until it is let through.
  await backend.rule({ on: "mutation", action: "hang", path: "interactions:changeStatus", times: 1 });
  await backend.rule({ on: "mutation", action: "delay", path: "interactions:editNote" });
  const refusal = callAndBeRefused(a.page, "changeStatus", { id: await a.idOf(SCENE), status: "live" });
  await a.writeNote(SCENE, NOTE);

  await test.step("both tabs show both changes", async () => {
    for (const tab of [a, b]) {
      await tab.shows(SCENE, "Live");
      await expect(tab.scene(SCENE)).toContainText(NOTE);
      await expect(tab.scene(SCENE).getByText("Not yet confirmed: 2 changes")).toBeVisible();
    }
  });

  await test.step("the caller learns why the server refused", async () => {
    await backend.disconnect();
    expect(await refusal).toEqual({
      isTabweaveError: true,
      code: "rejected",
      cause: {
        message: expect.stringContaining("ConvexError"),
        data: { code: "already_completed", message: REASON },
      },
    });
  });

  await test.step("the status is rolled back in both tabs, the note stays", async () => {
    for (const tab of [a, b]) {
      await tab.shows(SCENE, "Completed");
      await expect(tab.scene(SCENE)).toContainText(NOTE);
      await expect(tab.scene(SCENE).getByText("Not yet confirmed")).toBeVisible();
      await expect(tab.scene(SCENE)).toContainText(`Refused: ${SCENE}: status to Live`);
      await expect(tab.scene(SCENE)).toContainText(REASON);
    }
    expect((await backend.scene(SCENE)).note).not.toBe(NOTE);
  });

  await test.step("the note is confirmed, the refusal discarded", async () => {
    await backend.clearRules();
    await b.scene(SCENE).getByRole("button", { name: "Discard" }).click();
    for (const tab of [a, b]) {
      await tab.showsConfirmed(SCENE);
      await tab.waits(0);
      await expect(tab.scene(SCENE).getByText("Refused")).toHaveCount(0);
    }
  });

  expect(await backend.scene(SCENE)).toMatchObject({ status: "completed", note: NOTE });
  expect(await backend.ledger()).toEqual([`interactions:editNote ${SCENE}: ${NOTE}`]);
});
