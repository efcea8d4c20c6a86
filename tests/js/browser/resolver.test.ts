import type { Locator, Page } from "@playwright/test";
import type { ConflictResolution } from "tabweave/ui";
import { expect, test } from "vitest";
import type { Fight } from "../pages/conflict.js";
import type { Stage } from "../pages/resolver.js";
import { Site } from "./site.js";

const site = Site.forThisFile("resolver.tsx");

const HIT_POINTS = "Participants, Mira Thorne, Hit points";
const WOLF = "Participants, Dire wolf";

/** The page with the resolver open, which has taken the focus. */
async function open(path = ""): Promise<Page> {
  const page = await site.page(undefined, path);

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Choose what to keep" }).waitFor();
  return page;
}

const choices = (page: Page, part: string) => page.getByRole("toolbar", { name: `Decide: ${part}` });
const choice = (page: Page, part: string, name: string) => choices(page, part).getByRole("button", { name });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const group = (page: Page, part: string) => page.getByRole("group", { name: part });
const result = (page: Page, part: string) => group(page, part).locator('[data-version="result"] dd');
const status = (page: Page) => page.getByRole("status").textContent();
const given = (page: Page): Promise<ConflictResolution<Fight>[]> =>
  page.evaluate(() => window.resolver.given);
const hasFocus = (locator: Locator) => locator.evaluate((element) => element === document.activeElement);

test("the keyboard alone decides: each decision leads on to the next part, and the last one to saving", async () => {
  const page = await open();
  const { keyboard } = page;
  expect(await hasFocus(page.getByRole("heading", { name: "Choose what to keep" }))).toBe(true);
  // The buttons for all parts, then those of the first one: a row is one stop.
  await keyboard.press("Tab");
  expect(await hasFocus(button(page, "Mine for all"))).toBe(true);
  await keyboard.press("Tab");
  expect(await hasFocus(choice(page, HIT_POINTS, "Keep mine"))).toBe(true);
  await keyboard.press("ArrowRight");
  await keyboard.press("Enter");
  expect(await status(page)).toBe(`${HIT_POINTS}: Theirs. 1 of 6 decided.`);
  const order = ["Notes", "Tags", "Initiative order", WOLF, "Next session"];
  for (const [part, presses] of [3, 3, 1, 1, 1].entries()) {
    expect(await hasFocus(group(page, order[part]!))).toBe(true);
    await keyboard.press("Tab");
    for (let press = 1; press < presses; press += 1) await keyboard.press("ArrowRight");
    await keyboard.press("Space");
  }
  expect(await status(page)).toBe("Next session: Mine. 6 of 6 decided.");
  expect(await hasFocus(button(page, "Save the result"))).toBe(true);
  await keyboard.press("Enter");
  await expect.poll(() => hasFocus(button(page, "Look at the conflict"))).toBe(true);
  const [resolution] = await given(page);
  expect(resolution).toMatchObject({
    value: {
      status: "completed",
      round: 5,
      participants: [{ hitPoints: 11 }, {}, { id: "p3", hitPoints: 12 }, { id: "p4" }],
      tags: ["night", "boss", "fog"],
      initiativeOrder: ["p1", "p3", "p4", "p2"],
      notes:
        "The ogre guards the old rope bridge, asleep. It lets nobody pass who carries iron or silver or steel. Behind the mill, a wolf waits for the first who runs. It is tame.",
      nextSession: new Date("2026-03-21T18:30:00Z"),
    },
    choices: [
      { path: ["participants", { by: "id", key: "p1" }, "hitPoints"], kind: "server", result: 11 },
      { path: ["notes"], kind: "merge" },
      { path: ["tags"], kind: "merge" },
      { path: ["initiativeOrder"], kind: "local" },
      { path: ["participants", { by: "id", key: "p3" }], kind: "local" },
      { path: ["nextSession"], kind: "local" },
    ],
  });
});

test("what was chosen is undone and done again, by keys and by buttons that keep the focus", async () => {
  const page = await open();
  await choice(page, HIT_POINTS, "Keep mine").click();
  await choice(page, "Tags", "Take theirs").click();
  expect(await result(page, "Tags").locator("li").allTextContents()).toEqual(["night", "fog"]);
  await page.keyboard.press("Control+z");
  expect(await result(page, "Tags").textContent()).toBe("Not decided");
  expect(await status(page)).toBe("Undone. 1 of 6 decided.");
  await button(page, "Undo").press("Enter");
  expect(await hasFocus(button(page, "Undo"))).toBe(true);
  expect(await button(page, "Undo").getAttribute("aria-disabled")).toBe("true");
  expect(await result(page, HIT_POINTS).textContent()).toBe("Not decided");
  await page.keyboard.press("Control+Shift+z");
  await page.keyboard.press("Control+y");
  expect(await status(page)).toBe("Done again. 2 of 6 decided.");
  expect(await result(page, HIT_POINTS).textContent()).toBe("17");
});

test("what is pressed again is undecided, and whoever changes their mind stays where they are", async () => {
  const page = await open();
  const mine = choice(page, HIT_POINTS, "Keep mine");
  await mine.press("Enter");
  await choice(page, HIT_POINTS, "Take theirs").press("Enter");
  expect(await hasFocus(choice(page, HIT_POINTS, "Take theirs"))).toBe(true);
  expect(await mine.getAttribute("aria-pressed")).toBe("false");
  await choice(page, HIT_POINTS, "Take theirs").press("Enter");
  expect(await status(page)).toBe(`${HIT_POINTS}: Not decided. 0 of 6 decided.`);
});

test("a part is written by hand as what it is; what is wrong is said, and nothing is taken of it", async () => {
  const page = await open();
  await choice(page, HIT_POINTS, "Edit").click();
  const field = page.getByRole("textbox", { name: `${HIT_POINTS}, as it should be` });
  expect(await hasFocus(field)).toBe(true);
  expect(await field.inputValue()).toBe("17");
  await field.fill("many");
  await page.keyboard.press("Enter");
  expect(await field.getAttribute("aria-invalid")).toBe("true");
  expect(await describedBy(field)).toBe("This is not a number. Write it like 12 or 4.5.");
  await field.fill("14");
  expect(await field.getAttribute("aria-invalid")).toBe("false");
  await page.keyboard.press("Enter");
  expect(await hasFocus(group(page, "Notes"))).toBe(true);
  expect(await result(page, HIT_POINTS).textContent()).toBe("14");

  await choice(page, "Tags", "Edit").click();
  const code = page.getByRole("textbox", { name: "Tags, as it should be" });
  await code.fill('["night",\n "fog" "boss"]');
  await page.keyboard.press("Control+Enter");
  expect(await describedBy(code)).toContain("This is not JSON: look at line 2, column 8.");
  await code.fill('{"0": "night"}');
  expect(await describedBy(code)).toContain("This has to stay a list");
  await page.keyboard.press("Escape");
  expect(await hasFocus(choice(page, "Tags", "Edit"))).toBe(true);
  expect(await result(page, "Tags").textContent()).toBe("Not decided");

  await choice(page, "Next session", "Edit").click();
  await page.getByLabel("Next session, as it should be").fill("2026-04-01T19:00");
  await button(page, "Use this").click();
  expect(await result(page, "Next session").textContent()).toMatch(/Apr 1, 2026, 7:00\sPM/);
});

/** What is read aloud after the name of a field. */
function describedBy(field: Locator): Promise<string> {
  return field.evaluate((element) => {
    const ids = element.getAttribute("aria-describedby")?.split(" ") ?? [];
    return ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  });
}

test("all at once, and saving what is not decided leads to it", async () => {
  const page = await open();
  await choice(page, "Tags", "Keep both").click();
  await button(page, "Save the result").click();
  expect(await status(page)).toBe("5 are not decided yet.");
  expect(await hasFocus(group(page, HIT_POINTS))).toBe(true);
  expect(await given(page)).toEqual([]);
  await button(page, "Theirs for all").click();
  expect(await status(page)).toBe("Theirs for all. 6 of 6 decided.");
  await button(page, "Save the result").click();
  await expect.poll(() => given(page)).toHaveLength(1);
  const { fight } = await page.evaluate(() => ({ fight: window.resolver.fight }));
  expect(await given(page)).toMatchObject([{ value: fight.server }]);
});

test("what a rule decided can be looked at, decided otherwise, and left to the rule again", async () => {
  const page = await open();
  await page.getByText("2 decided automatically").click();
  expect(await group(page, "Round Automatic").textContent()).toContain("Decided by the rule “max”.");
  expect(await result(page, "Round").textContent()).toBe("5");
  await choice(page, "Round", "Keep mine").click();
  expect(await result(page, "Round").textContent()).toBe("4");
  expect(await status(page)).toBe("Round: Mine. 0 of 6 decided.");
  expect(await hasFocus(choice(page, "Round", "Keep mine"))).toBe(true);
  await choice(page, "Round", "Keep mine").click();
  expect(await status(page)).toBe("Round: Automatic. 0 of 6 decided.");
});

test("while it is saved nothing can be changed; a failure is told, and tried again", async () => {
  const page = await open();
  await page.evaluate(() => {
    const { resolver } = window;
    resolver.answer = () =>
      new Promise((_, reject) => Object.assign(resolver, { fail: () => reject(new Error("no")) }));
  });
  await button(page, "Mine for all").click();
  await button(page, "Save the result").click();
  await button(page, "Saving…").waitFor();
  expect(await choice(page, "Tags", "Take theirs").getAttribute("aria-disabled")).toBe("true");
  await choice(page, "Tags", "Take theirs").press("Enter");
  await page.keyboard.press("Control+z");
  await button(page, "Saving…").press("Enter");
  expect(await result(page, "Tags").locator("li").allTextContents()).toEqual(["river", "night", "boss"]);
  expect(await given(page)).toHaveLength(1);
  await page.evaluate(() => (window.resolver as Stage & { fail: () => void }).fail());
  await page.getByRole("alert").waitFor();
  expect(await page.getByRole("alert").textContent()).toBe(
    "This could not be saved. Nothing is lost: your choices are still here.",
  );
  await page.evaluate(() => {
    window.resolver.answer = () => Promise.resolve();
  });
  await button(page, "Try again").click();
  await expect.poll(() => page.getByRole("heading", { name: "Choose what to keep" }).count()).toBe(0);
  const [first, second] = await given(page);
  expect(second).toEqual(first);
});

test("the own change is discarded after a question, which has the harmless answer first", async () => {
  const page = await open();
  await button(page, "Discard my change").press("Enter");
  expect(await hasFocus(button(page, "No, go on"))).toBe(true);
  await page.keyboard.press("Escape");
  expect(await hasFocus(button(page, "Discard my change"))).toBe(true);
  expect(await given(page)).toEqual([]);
  await button(page, "Discard my change").press("Enter");
  await button(page, "Yes, discard it").press("Enter");
  await expect.poll(() => given(page)).toEqual([{ discard: true }]);
  await expect.poll(() => hasFocus(button(page, "Look at the conflict"))).toBe(true);
});

test("left for later, it gives the focus back and hands nothing over", async () => {
  const page = await open();
  await button(page, "Decide later").press("Enter");
  await expect.poll(() => hasFocus(button(page, "Look at the conflict"))).toBe(true);
  expect(await given(page)).toEqual([]);
});

test("a screen of an app's own takes several steps at once", async () => {
  const page = await site.page(undefined, "?headless");
  const shown = page.locator("output");
  expect(await shown.textContent()).toBe("0 night fog");
  await button(page, "Decide").click();
  expect(await shown.textContent()).toBe("2 night fog");
  await button(page, "Undo").click();
  expect(await shown.textContent()).toBe("1 night fog");
  await button(page, "Undo").click();
  expect(await shown.textContent()).toBe("0 night fog");
});

test("what is the same in long lists is folded", async () => {
  const page = await open();
  await page.evaluate(() => {
    const { fight, show } = window.resolver;
    const base = Array.from({ length: 40 }, (_, at) => `tag ${at}`);
    const tags = { ...fight.merged.conflicts[2]!, base, local: [...base, "mine"], server: base.slice(0, -1) };
    show({ ...fight, merged: { ...fight.merged, conflicts: [tags] } });
  });
  await page.getByText("0 of 1 decided").waitFor();
  const rows = (version: string) =>
    group(page, "Tags").locator(`[data-version="${version}"] dd li`).allTextContents();
  expect(await rows("mine")).toEqual(["39 unchanged", "tag 39", " added: mine (end) "]);
  expect(await rows("theirs")).toEqual(["38 unchanged", "tag 38", " removed: tag 39 (end) "]);
});

test("when the server's version changes meanwhile, what was chosen for other parts stays chosen", async () => {
  const page = await open();
  await choice(page, HIT_POINTS, "Keep mine").click();
  await choice(page, "Tags", "Take theirs").click();
  await page.evaluate(() => {
    const { fight, show } = window.resolver;
    const [hitPoints, notes, tags, ...others] = fight.merged.conflicts;
    const conflicts = [hitPoints!, notes!, { ...tags!, server: ["night", "snow"] }, ...others];
    show({ ...fight, merged: { ...fight.merged, conflicts } });
  });
  await page.getByText("1 of 6 decided").first().waitFor();
  expect(await result(page, HIT_POINTS).textContent()).toBe("17");
  expect(await result(page, "Tags").textContent()).toBe("Not decided");
});
