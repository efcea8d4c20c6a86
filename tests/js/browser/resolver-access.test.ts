// Who sees it: with a screen reader, from right to left, in the dark, under a strict policy, on a small screen.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { BrowserContextOptions, Page } from "@playwright/test";
import type { AxeResults } from "axe-core";
import { expect, test } from "vitest";
import { Site } from "./site.js";

/** As strict as it gets: nothing inline, no page of another origin, no text that becomes a script or markup. */
const POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:",
  "require-trusted-types-for 'script'; trusted-types 'none'",
].join("; ");

const site = Site.forThisFile("resolver.tsx", "development", POLICY);
const require = createRequire(import.meta.url);

/** The page with the resolver open, and what was said in it: of violated policies, too. */
async function open(
  path = "",
  settings: BrowserContextOptions = {},
): Promise<{ page: Page; said: string[] }> {
  const context = await site.context(settings);
  const page = await context.newPage();
  const said: string[] = [];
  page.on("console", (message) => ["warning", "error"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  await page.goto(site.address + path);
  await page.getByRole("button", { name: "Look at the conflict" }).click();
  await page.getByRole("heading", { level: 2 }).waitFor();
  return { page, said };
}

/** Everything that can be seen at once: choices of all kinds, a field with a mistake, a question, a failure. */
async function showEverything(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.resolver.answer = () => Promise.reject(new Error("no"));
  });
  const first = page.getByRole("toolbar").nth(1);
  await page.getByRole("button", { name: "Mine for all" }).click();
  await page.getByRole("button", { name: "Save the result" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await first.getByRole("button", { name: "Keep mine" }).click();
  await page.getByRole("toolbar", { name: "Notes" }).getByRole("button", { name: "Keep both" }).click();
  await page.getByRole("toolbar", { name: "Tags" }).getByRole("button", { name: "Take theirs" }).click();
  await page.getByRole("toolbar", { name: "Dire wolf" }).getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox").fill("{");
  await page.getByRole("button", { name: "Use this" }).click();
  await page.getByText("decided automatically").click();
  await page.getByRole("button", { name: "Discard my change" }).click();
}

/** What axe finds against WCAG and good practice, once everything has come to rest. */
async function violations(page: Page): Promise<string[]> {
  const axe = await readFile(require.resolve("axe-core"), "utf8");
  await page.evaluate(axe);
  const results = await page.evaluate(async (): Promise<AxeResults> => {
    // Where the bar that stays in view lies over nothing.
    scrollTo(0, 0);
    await Promise.all(document.getAnimations().map((animation) => animation.finished));
    return (window as unknown as { axe: { run: (context: string) => Promise<AxeResults> } }).axe.run("main");
  });
  // Colours were really looked at, and none was left open.
  expect(results.passes.map(({ id }) => id)).toContain("color-contrast");
  const open = results.incomplete.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  expect(open).toEqual([]);
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const path of ["?locale=en&dir=ltr", "?locale=ar&dir=rtl"]) {
    test(`axe finds nothing: ${colorScheme}, ${path}`, async () => {
      const { page, said } = await open(path, { colorScheme });
      const background = await page
        .getByRole("region")
        .evaluate((region) => getComputedStyle(region).backgroundColor);
      expect(background).toBe(colorScheme === "dark" ? "rgb(23, 27, 40)" : "rgb(255, 255, 255)");
      expect(await violations(page)).toEqual([]);
      await showEverything(page);
      expect(await violations(page)).toEqual([]);
      expect(said).toEqual([]);
    });
  }
}

test("under a strict policy nothing is refused: no styles, scripts or markup come in at run time", async () => {
  const { page, said } = await open();
  await showEverything(page);
  const inline = await page.evaluate(
    () => document.querySelectorAll("style, [style], script:not([src])").length,
  );
  expect(inline).toBe(0);
  expect(said).toEqual([]);
  // The policy is in force, or the above would mean nothing.
  const refused = await page.evaluate(() => {
    try {
      document.body.innerHTML = "<p>markup</p>";
      return "taken";
    } catch (error) {
      return (error as Error).name;
    }
  });
  expect(refused).toBe("TypeError");
});

test("text is text, whatever stands in it", async () => {
  const { page } = await open();
  const markup = '<img src="x" onerror="window.broken = true"><b>bold</b>';
  await page.evaluate((markup) => {
    const { fight, show } = window.resolver;
    const [, notes] = fight.merged.conflicts;
    const conflicts = [
      { ...notes!, local: `Look: ${markup}`, server: `See: ${markup}` },
      { ...notes!, path: [markup], local: { [markup]: markup }, server: [markup] },
    ];
    show({ ...fight, merged: { ...fight.merged, conflicts } });
  }, markup);
  await page.getByText("0 of 2 decided").waitFor();
  const region = page.getByRole("region");
  expect(await region.textContent()).toContain(markup);
  expect(await region.locator("img, b").count()).toBe(0);
  expect(await page.evaluate(() => "broken" in window)).toBe(false);
});

test("what a screen reader has to say about a part", async () => {
  const { page } = await open();
  const part = page.getByRole("group", { name: "Tags Not decided" });
  expect(await part.ariaSnapshot()).toBe(
    `
- group "Tags Not decided":
  - heading "Tags" [level=3]
  - paragraph: Both of you changed it, and this is always yours to decide.
  - text: Not decided
  - term: Before
  - definition:
    - list:
      - listitem: river
      - listitem: night
  - term: Mine
  - definition:
    - list:
      - listitem: river
      - listitem: night
      - listitem:
        - insertion: "added: boss (end)"
  - term: Theirs
  - definition:
    - list:
      - listitem:
        - deletion: "removed: river (end)"
      - listitem: night
      - listitem:
        - insertion: "added: fog (end)"
  - term: Result
  - definition: Not decided
  - 'toolbar "Decide: Tags"':
    - button "Keep mine"
    - button "Take theirs"
    - button "Keep both"
    - button "Edit"`.trimStart(),
  );
  const described = await part.evaluate((element) => {
    return document.getElementById(element.getAttribute("aria-describedby") ?? "")?.textContent;
  });
  expect(described).toBe("Both of you changed it, and this is always yours to decide.");
  const bar = page.getByRole("progressbar", { name: "0 of 6 decided" });
  expect(await bar.evaluate((element: HTMLProgressElement) => [element.value, element.max])).toEqual([0, 6]);
});

test("from right to left the arrow keys lead where they point", async () => {
  const { page } = await open("?locale=ar&dir=rtl");
  const toolbar = page.getByRole("toolbar", { name: "Tags" });
  await toolbar.getByRole("button", { name: "Keep mine" }).focus();
  await page.keyboard.press("ArrowLeft");
  const focused = page.locator(":focus");
  expect(await focused.textContent()).toBe("Take theirs");
  const [mine, theirs] = await Promise.all(
    ["Keep mine", "Take theirs"].map((name) => toolbar.getByRole("button", { name }).boundingBox()),
  );
  expect(theirs!.x).toBeLessThan(mine!.x);
});

test("on a small screen the versions stand one below the other, and nothing is wider than it", async () => {
  const { page } = await open("", { viewport: { width: 320, height: 640 } });
  await showEverything(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  const boxes = await page
    .getByRole("group", { name: "Notes" })
    .locator(".tabweave-version")
    .evaluateAll((versions) => versions.map((version) => version.getBoundingClientRect().top));
  expect(boxes).toEqual([...boxes].sort((a, b) => a - b));
  expect(new Set(boxes).size).toBe(4);
});

test("what has the focus is not hidden below the bar that stays in view", async () => {
  const { page } = await open("", { viewport: { width: 1280, height: 500 } });
  await page.getByRole("toolbar", { name: "Next session" }).getByRole("button", { name: "Edit" }).focus();
  const bar = page.locator(".tabweave-overview");
  for (let presses = 0; presses < 5; presses += 1) {
    await page.keyboard.press("Shift+Tab");
    const [top, bottom] = await Promise.all([
      page.locator(":focus").evaluate((element) => element.getBoundingClientRect().top),
      bar.evaluate((element) => element.getBoundingClientRect().bottom),
    ]);
    expect(top).toBeGreaterThanOrEqual(bottom);
  }
});

test("who is chosen can be seen without colours, and nothing moves for those who want none of it", async () => {
  const { page } = await open("", { forcedColors: "active", reducedMotion: "reduce" });
  const tags = page.getByRole("group", { name: "Tags" });
  const look = (name: string) =>
    tags.getByRole("button", { name }).evaluate((button) => {
      const { backgroundColor, transitionDuration } = getComputedStyle(button);
      return { backgroundColor, transitionDuration, signs: button.querySelectorAll("svg").length };
    });
  await tags.getByRole("button", { name: "Take theirs" }).click();
  await page.mouse.move(0, 0);
  const [mine, theirs] = [await look("Keep mine"), await look("Take theirs")];
  expect(theirs.backgroundColor).not.toBe(mine.backgroundColor);
  expect([mine.signs, theirs.signs]).toEqual([0, 1]);
  expect(theirs.transitionDuration).toBe("0s");
});
