import type { BrowserContext, Page } from "@playwright/test";
import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

interface Started {
  readonly tabweave: import("tabweave").TabweaveClient;
}

async function stored(page: Page, identity: string): Promise<string[]> {
  return page.evaluate(async (who) => {
    const databases = (await indexedDB.databases()).map(({ name = "" }) => name);
    const texts = Object.keys(localStorage);
    return [...databases, ...texts]
      .filter((name) => name.includes(`/${who}`) || localStorage.getItem(name) === who)
      .map((name) => name.replace(/[0-9a-f-]{36}.*/, "*"))
      .sort();
  }, identity);
}

/** A page of this identity with something of everything stored, one operation of it undelivered. */
async function livedIn(context: BrowserContext, identity: string): Promise<Page> {
  const page = await site.page(context);
  await page.evaluate(async (who) => {
    const { client, keep, MemorySource, until } = window.stage;
    const source = new MemorySource({ connected: false });
    const tabweave = client({ source, identity: who, resumeLastIdentity: true });
    Object.assign(window, { tabweave });
    await until(() => tabweave.connectivity.getSnapshot().role !== "starting");
    await tabweave.topic("drafts", { durable: true }).publish("a", "draft").persisted;
    await tabweave.mutate(keep, { by: who }).persisted;
  }, identity);
  return page;
}

test("erase tells what was not delivered, and deletes nothing unless that may be discarded", async () => {
  const context = await site.context();
  const page = await livedIn(context, "ann");
  const refused = await page.evaluate(async () => {
    const { tabweave } = window as unknown as Started;
    const error = await tabweave.erase("ann").catch((it: unknown) => it);
    const { code, undelivered } = error as import("tabweave").TabweaveError;
    return { code, undelivered, identity: tabweave.identity, waiting: tabweave.outbox.getSnapshot().waiting };
  });
  expect(refused).toMatchObject({
    code: "undelivered_operations",
    undelivered: [
      { name: "keep", state: "queued", attempts: 0, args: { by: "ann" }, id: expect.any(String) },
    ],
    identity: "ann",
    waiting: 1,
  });
  expect(await stored(page, "ann")).toContain("tabweave/memory/ann/store");

  const discarded = await page.evaluate(async () => {
    const { tabweave } = window as unknown as Started;
    const undelivered = await tabweave.erase("ann", { discardUndelivered: true });
    return { names: undelivered.map(({ name }) => name), identity: tabweave.identity, tab: tabweave.tab };
  });
  expect(discarded).toEqual({ names: ["keep"], identity: undefined, tab: "" });
  expect(await stored(page, "ann")).toEqual([]);
});

test("journals of tabs that crashed count too, and somebody else's data stays", async () => {
  const context = await site.context();
  await context.route("**/tabweave.wasm", (route) => route.abort());
  const victim = await site.page(context);
  await victim.evaluate(async () => {
    const { client, keep } = window.stage;
    await client({ namespace: "memory", identity: "ann" }).mutate(keep, "early").persisted;
  });
  await victim.close();
  await context.unroute("**/tabweave.wasm");
  const page = await livedIn(context, "bob");
  const refused = await page.evaluate(async () => {
    const { tabweave } = window as unknown as Started;
    const error = await tabweave.erase("ann").catch((it: unknown) => it);
    return (error as import("tabweave").TabweaveError).undelivered?.map(({ args }) => args);
  });
  expect(refused).toEqual(["early"]);
  const left = await page.evaluate(async () => {
    const { tabweave } = window as unknown as Started;
    await tabweave.erase("ann", { discardUndelivered: true });
    await tabweave.erase("nobody of this name");
    return [tabweave.identity, tabweave.outbox.getSnapshot().waiting];
  });
  expect(left).toEqual(["bob", 1]);
  expect(await stored(page, "ann")).toEqual([]);
  expect(await stored(page, "bob")).toContain("tabweave/memory/bob/store");
});

test("another open tab of the identity leaves it, and writes nothing of it again", async () => {
  const context = await site.context();
  const [first, second] = [await livedIn(context, "ann"), await livedIn(context, "ann")];
  await second.evaluate(async () => {
    const { tabweave } = window as unknown as Started;
    await window.stage.until(() => tabweave.outbox.getSnapshot().operations.length === 2);
  });
  await first.evaluate(() =>
    (window as unknown as Started).tabweave.erase("ann", { discardUndelivered: true }).then(() => {}),
  );
  const other = await second.evaluate(async () => {
    const { tabweave } = window as unknown as Started;
    await window.stage.until(() => tabweave.identity === undefined);
    return [tabweave.outbox.getSnapshot().operations.length, tabweave.tab];
  });
  expect(other).toEqual([0, ""]);
  expect(await stored(first, "ann")).toEqual([]);
  // And the person starts anew, with nothing.
  const anew = await second.evaluate(async () => {
    const { keep, until } = window.stage;
    const { tabweave } = window as unknown as Started;
    tabweave.setIdentity("ann");
    await until(() => tabweave.connectivity.getSnapshot().role === "leader");
    await tabweave.mutate(keep, "new").persisted;
    return tabweave.outbox.getSnapshot().operations.map(({ args }) => args);
  });
  expect(anew).toEqual(["new"]);
});

test("what a tab that crashed last told the others goes too, where there is no channel", async () => {
  const context = await site.context();
  await context.addInitScript(() => Reflect.deleteProperty(window, "BroadcastChannel"));
  const victim = await livedIn(context, "ann");
  const page = await livedIn(context, "bob");
  await victim.evaluate(() => {
    (window as unknown as Started).tabweave.topic("typing", { durable: false }).publish("who", "Ann");
  });
  // No page of a crashed tab is left to take it away.
  await expect
    .poll(() => page.evaluate(() => localStorage.getItem("tabweave/memory/ann/bell")))
    .toContain("Ann");
  const crashed = victim.waitForEvent("crash");
  void victim.goto("chrome://crash").catch(() => {});
  await crashed;
  expect(await stored(page, "ann")).toContain("tabweave/memory/ann/bell");
  await page.evaluate(async () => {
    await (window as unknown as Started).tabweave.erase("ann", { discardUndelivered: true });
  });
  expect(await stored(page, "ann")).toEqual([]);
  expect(await stored(page, "bob")).toContain("tabweave/memory/bob/bell");
});

test("a page that may not touch localStorage erases all the same", async () => {
  const context = await site.context();
  await context.addInitScript(() => {
    const get = () => {
      throw new DOMException("blocked", "SecurityError");
    };
    Object.defineProperty(window, "localStorage", { get });
  });
  const page = await livedIn(context, "ann");
  const left = await page.evaluate(async () => {
    await (window as unknown as Started).tabweave.erase("ann", { discardUndelivered: true });
    return indexedDB.databases();
  });
  expect(left).toEqual([]);
});

test("what cannot be erased is refused", async () => {
  const page = await site.page();
  const codes = await page.evaluate(async () => {
    const { client } = window.stage;
    const tabweave = client({ identity: "ann" });
    const code = (promise: Promise<unknown>) => promise.catch((error: { code: string }) => error.code);
    const wrong = [undefined, "", 7, "\ud800"].map((who) => code(tabweave.erase(who as string)));
    const options = code(tabweave.erase("ann", 7 as unknown as object));
    const codesOfWrong = await Promise.all([...wrong, options]);
    tabweave.close();
    return [...codesOfWrong, await code(tabweave.erase("ann"))];
  });
  expect(codes).toEqual([...Array(5).fill("invalid_option"), "client_closed"]);
});
