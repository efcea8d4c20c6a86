import type { Page } from "@playwright/test";
import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

interface Started {
  readonly tabweave: import("tabweave").TabweaveClient;
  readonly source: InstanceType<typeof window.stage.MemorySource>;
}

/** Names of databases and locks of this package, without what is random in them. */
async function traces(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query();
    const databases = await indexedDB.databases();
    const names = [...held, ...pending, ...databases].map(({ name = "" }) => name);
    const ours = names.filter((name) => name.startsWith("tabweave"));
    return [...new Set(ours.map((name) => name.replace(/[0-9a-f-]{36}.*/, "*")))].sort();
  });
}

/** Starts a client whose source knows one note and reaches its server or not. */
async function start(page: Page, options: object, connected = true): Promise<void> {
  await page.evaluate(
    ([given, isConnected]) => {
      const { client, MemorySource, notes } = window.stage;
      const source = new MemorySource({ connected: isConnected });
      source.answer("notes", () => [{ id: "1", list: "a", text: "old" }]);
      const identity = "unknown" in given ? { identity: undefined } : {};
      const tabweave = client({ source, ...given, ...identity });
      tabweave.subscribe(notes, { list: "a" }, () => {});
      Object.assign(window, { tabweave, source });
    },
    [options, connected] as const,
  );
}

async function untilLeading(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { tabweave } = window as unknown as Started;
    await window.stage.until(() => tabweave.connectivity.getSnapshot().role === "leader");
  });
}

test("while it is unknown who is signed in nothing is shown, stored, sent or held", async () => {
  const page = await site.page();
  await start(page, { unknown: true });
  const seen = await page.evaluate(async () => {
    const { keep, notes, outcome } = window.stage;
    const { tabweave, source } = window as unknown as Started;
    const topic = tabweave.topic("cursors", { durable: false });
    const thrown = (act: () => unknown) => {
      try {
        return act();
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    return {
      settled: await outcome(tabweave.mutate(keep, 1).settled),
      persisted: await outcome(tabweave.mutate(keep, 1).persisted),
      publish: thrown(() => topic.publish("a", 1)),
      remove: thrown(() => topic.remove("a")) !== undefined,
      status: tabweave.view(notes, { list: "a" }).status,
      tab: tabweave.tab,
      identity: tabweave.identity,
      role: tabweave.connectivity.getSnapshot().role,
      listens: source.listens,
      operations: tabweave.outbox.getSnapshot().operations.length,
    };
  });
  expect(seen).toMatchObject({
    settled: { code: "identity_unknown" },
    persisted: { code: "identity_unknown" },
    publish: "identity_unknown",
    status: "pending",
    tab: "",
    identity: undefined,
    role: "starting",
    listens: 0,
    operations: 0,
  });
  expect(await traces(page)).toEqual([]);

  const known = await page.evaluate(async () => {
    const { keep, texts, until } = window.stage;
    const { tabweave } = window as unknown as Started;
    tabweave.setIdentity("ann");
    await until(() => texts(tabweave)?.[0] === "old");
    return tabweave.mutate(keep, 1).settled;
  });
  expect(known).toBe("done");
});

test("left out means nobody, who is not the person called “anonymous”", async () => {
  const page = await site.page();
  await start(page, {});
  await untilLeading(page);
  expect(await page.evaluate(() => (window as unknown as Started).tabweave.identity)).toBe(null);
  const nobody = await traces(page);
  expect(nobody).toContain("tabweave/memory/anonymous/store");
  await page.evaluate(() => (window as unknown as Started).tabweave.setIdentity("anonymous"));
  await untilLeading(page);
  expect(await traces(page)).toContain("tabweave/memory/%61nonymous/store");
});

test("a change of identity empties everything at once, keeps what is stored, and gives it to nobody else", async () => {
  const context = await site.context();
  const page = await site.page(context);
  await start(page, { identity: "ann" }, false);
  await untilLeading(page);
  const before = await page.evaluate(async () => {
    const { keep, rename, notes, outcome, texts, until } = window.stage;
    const { tabweave, source } = window as unknown as Started;
    source.setConnected(true);
    await until(() => texts(tabweave)?.[0] === "old");
    source.setConnected(false);
    const handle = tabweave.mutate(rename, { id: "1", text: "by ann" });
    const durable = tabweave.topic<string>("drafts", { durable: true });
    const ephemeral = tabweave.topic<string>("cursors", { durable: false });
    await durable.publish("a", "ann's draft").persisted;
    ephemeral.publish("a", "ann's cursor");
    const stores = [tabweave.outbox, tabweave.connectivity, tabweave.diagnostics, durable, ephemeral];
    const told: string[] = [];
    const show = () =>
      [texts(tabweave), tabweave.outbox.getSnapshot().waiting, durable.get("a"), ephemeral.get("a")].join();
    const shown = show();
    tabweave.subscribe(notes, { list: "a" }, () => told.push(show()));
    for (const store of stores) store.subscribe(() => told.push(show()));
    await handle.persisted;
    told.length = 0;
    tabweave.setIdentity("bob");
    const atOnce = show();
    const again = [
      tabweave.outbox,
      tabweave.connectivity,
      tabweave.diagnostics,
      tabweave.topic("drafts", { durable: true }),
      tabweave.topic("cursors", { durable: false }),
    ];
    const late = tabweave.mutate(keep, "by bob");
    Object.assign(window, { late });
    return {
      shown,
      atOnce,
      told,
      pending: tabweave.view(notes, { list: "a" }),
      settled: await outcome(handle.settled),
      areSame: again.every((store, index) => store === stores[index]),
    };
  });
  expect(before).toMatchObject({
    shown: "by ann,1,ann's draft,ann's cursor",
    atOnce: ",0,,",
    pending: { status: "pending", data: undefined, stale: false },
    settled: { code: "identity_changed" },
    areSame: true,
  });
  expect(before.told.length).toBeGreaterThan(3);
  for (const shown of before.told) expect(shown).not.toContain("ann");

  // Bob comes online: only what is his is sent.
  const sent = await page.evaluate(async () => {
    const { server, until } = window.stage;
    const { tabweave, source, late } = window as unknown as Started & { late: { settled: Promise<unknown> } };
    await until(() => tabweave.connectivity.getSnapshot().role === "leader");
    source.setConnected(true);
    await late.settled;
    return server.calls.map(({ args }) => args);
  });
  expect(sent).toEqual(["by bob"]);
  // No lock of hers is held; her store waits for her, with her operation in it.
  await expect
    .poll(() => traces(page))
    .toEqual([
      "tabweave-journal/memory/bob/*",
      "tabweave/memory/ann/store",
      "tabweave/memory/bob/leader",
      "tabweave/memory/bob/life/*",
      "tabweave/memory/bob/page/*",
      "tabweave/memory/bob/store",
    ]);

  const back = await page.evaluate(async () => {
    const { server, until } = window.stage;
    const { tabweave } = window as unknown as Started;
    const drafts = tabweave.topic<string>("drafts", { durable: true });
    tabweave.setIdentity("ann");
    await until(() => server.calls.length === 2 && drafts.get("a"));
    return [server.calls.map(({ name }) => name), drafts.get("a")];
  });
  expect(back).toEqual([["keep", "rename"], "ann's draft"]);
});

test("an operation of the very task in which the identity changes is stored, and sent when its person is back", async () => {
  const page = await site.page();
  await start(page, { identity: "ann" });
  const calls = await page.evaluate(async () => {
    const { keep, server, outcome, until } = window.stage;
    const { tabweave } = window as unknown as Started;
    const handle = tabweave.mutate(keep, "last words");
    tabweave.setIdentity(null);
    const ends = [await outcome(handle.persisted), await outcome(handle.settled)];
    const between = server.calls.length;
    tabweave.setIdentity("ann");
    await until(() => server.calls.length === 1);
    return { ends, between, args: server.calls.map(({ args }) => args) };
  });
  expect(calls).toMatchObject({
    ends: [{ value: undefined }, { code: "identity_changed" }],
    between: 0,
    args: ["last words"],
  });
});

test("two tabs hold two identities, and neither hears anything of the other", async () => {
  const context = await site.context();
  const [ann, bob] = [await site.page(context), await site.page(context)];
  await start(ann, { identity: "ann/1" });
  await start(bob, { identity: "bob" });
  for (const page of [ann, bob]) await untilLeading(page);
  await bob.evaluate(() => {
    const heard: unknown[] = [];
    for (const name of ["tabweave/memory/bob", "tabweave/memory/ann%2F1"]) {
      new BroadcastChannel(name).onmessage = ({ data }) => heard.push([name, JSON.stringify(data)]);
    }
    Object.assign(window, { heard });
  });
  await ann.evaluate(async () => {
    const { keep } = window.stage;
    const { tabweave } = window as unknown as Started;
    tabweave.topic("cursors", { durable: false }).publish("me", "the secret of ann");
    await tabweave.topic("drafts", { durable: true }).publish("me", "the secret of ann").persisted;
    await tabweave.mutate(keep, "the secret of ann").settled;
    tabweave.setIdentity("carol");
    tabweave.topic("cursors", { durable: false }).publish("me", "carol");
  });
  await untilLeading(ann);
  const seen = await bob.evaluate(async () => {
    const { tabweave, heard } = window as unknown as Started & { heard: Array<[string, string]> };
    await window.stage.until(() => heard.some(([, text]) => text.includes("the secret of ann")));
    return {
      channels: [...new Set(heard.map(([name]) => name))],
      cursors: tabweave.topic("cursors", { durable: false }).getSnapshot().size,
      peers: tabweave.connectivity.getSnapshot().peers.length,
      operations: tabweave.outbox.getSnapshot().operations.length,
    };
  });
  expect(seen).toEqual({ channels: ["tabweave/memory/ann%2F1"], cursors: 0, peers: 0, operations: 0 });
});

test("what the former source tells after the change is not heard", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { client, notes, texts, until } = window.stage;
    const listeners: Array<import("tabweave").SourceListener> = [];
    const tokens: string[] = [];
    const source: import("tabweave").Source = {
      knowsKeys: false,
      listen(listener) {
        listeners.push(listener);
        listener.connection(true);
        return () => {};
      },
      watch({ token }) {
        tokens.push(token);
        return () => {};
      },
      watchKeys() {},
    };
    const tabweave = client({ source, namespace: "late", identity: "ann" });
    tabweave.subscribe(notes, { list: "a" }, () => {});
    await until(() => tabweave.connectivity.getSnapshot().role === "leader");
    tabweave.setIdentity("bob");
    const say = (listener: number, text: string) =>
      listeners[listener]?.deliver({
        queries: [[tokens.at(-1) ?? "", [{ id: "1", list: "a", text }]]],
        errors: [],
        seen: [],
      });
    say(0, "ann's");
    listeners[0]?.connection(false);
    const late = [texts(tabweave), tabweave.connectivity.getSnapshot().connected];
    say(1, "bob's");
    return { late, watched: tokens.length, own: texts(tabweave) };
  });
  expect(seen).toEqual({ late: [undefined, true], watched: 2, own: ["bob's"] });
});

test("the last identity is taken up again if that is wanted, and a wrong guess is corrected without a trace", async () => {
  const context = await site.context();
  const page = await site.page(context);
  const options = { unknown: true, resumeLastIdentity: true };
  await start(page, options);
  const first = await page.evaluate(async () => {
    const { texts, until } = window.stage;
    const { tabweave } = window as unknown as Started;
    const before = tabweave.identity;
    tabweave.setIdentity("ann");
    await until(() => texts(tabweave)?.[0] === "old");
    await tabweave.topic("drafts", { durable: true }).publish("a", "ann's").persisted;
    // Results of queries are gathered for a moment before they are stored.
    const stored = () =>
      new Promise<number>((resolve) => {
        const request = indexedDB.open("tabweave/memory/ann/store");
        request.onsuccess = () => {
          const counting = request.result.transaction("queries").objectStore("queries").count();
          counting.onsuccess = () => {
            request.result.close();
            resolve(counting.result);
          };
        };
      });
    while ((await stored()) === 0);
    return before;
  });
  expect(first).toBeUndefined();

  await page.reload();
  await page.waitForFunction(() => "stage" in window);
  await start(page, options, false);
  const second = await page.evaluate(async () => {
    const { texts, until } = window.stage;
    const { tabweave } = window as unknown as Started;
    const drafts = tabweave.topic("drafts", { durable: true });
    const guessed = tabweave.identity;
    await until(() => texts(tabweave)?.[0] === "old" && drafts.get("a"));
    tabweave.setIdentity("bob");
    return [guessed, texts(tabweave), drafts.getSnapshot().size];
  });
  expect(second).toEqual(["ann", undefined, 0]);

  await page.reload();
  await page.waitForFunction(() => "stage" in window);
  await start(page, options);
  expect(await page.evaluate(() => (window as unknown as Started).tabweave.identity)).toBe("bob");
  await start(await site.page(context), { unknown: true });
});

test("one client lives in a page for each namespace; another identity given to createTabweave is entered", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { client, keep } = window.stage;
    const first = client({ identity: "ann" });
    const same = client({ identity: "ann" });
    const tab = first.tab;
    const kept = client();
    const unknown = client({ identity: undefined });
    const who = [first.identity, first.tab === tab];
    const other = client({ identity: "bob" });
    return {
      areSame: new Set([first, same, kept, unknown, other]).size === 1,
      who,
      later: [first.identity, first.tab === tab],
      answer: await first.mutate(keep, 1).settled,
      elsewhere: client({ namespace: "another" }) === first,
    };
  });
  expect(seen).toEqual({
    areSame: true,
    who: ["ann", true],
    later: ["bob", false],
    answer: "done",
    elsewhere: false,
  });
});

test.each([
  ["an emoji", "👩‍👩‍👧"],
  ["slashes", "a/b//../c"],
  ["percent signs", "100%2F%"],
  ["quotes and spaces", `"it's" \`so\` \\ \n`],
  ["300 characters", "ü".repeat(300)],
  ["a dot", "."],
  ["a name of ours", "constructor"],
])("%s in names", async (_, odd) => {
  const context = await site.context();
  const page = await site.page(context);
  const identity = `${odd}!`;
  await start(page, { namespace: odd, identity });
  await untilLeading(page);
  const answer = await page.evaluate(async () => {
    const { tabweave } = window as unknown as Started;
    await tabweave.topic("t", { durable: true }).publish("k", 1).persisted;
    return tabweave.mutate(window.stage.keep, 1).settled;
  });
  expect(answer).toBe("done");
  expect(await traces(page)).toContain(
    `tabweave/${encodeURIComponent(odd)}/${encodeURIComponent(identity)}/store`,
  );
});
