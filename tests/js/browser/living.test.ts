import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

test("a second createTabweave returns the living client, with the new functions and one lock", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { client, ready, defineOperation, texts } = window.stage;
    const old = defineOperation("greet", { run: () => "old" });
    const fresh = defineOperation("greet", { run: () => "new" });
    const first = await ready({ operations: [old] });
    const before = await first.mutate(old).settled;
    const second = client({ namespace: first.namespace, operations: [fresh] });
    const { held = [], pending = [] } = await navigator.locks.query();
    return {
      texts: texts(second),
      isSame: first === second,
      answers: [before, await second.mutate(fresh).settled, await first.mutate(old).settled],
      leaderLocks: [...held, ...pending].filter(({ name }) => name?.endsWith("/leader")).length,
    };
  });
  expect(seen).toEqual({
    // A call that names no source leaves the one there is.
    texts: ["old"],
    isSame: true,
    answers: ["old", "new", "new"],
    leaderLocks: 1,
  });
});

test("a second copy of the package in one page finds the client that lives, and knows its errors", async () => {
  const page = await site.page();
  await page.evaluate(async () => {
    Object.assign(window, { first: window.stage, tabweave: await window.stage.ready() });
  });
  await page.addScriptTag({ url: "/script.js?again", type: "module" });
  await page.waitForFunction(() => window.stage !== (window as unknown as { first: unknown }).first);
  const seen = await page.evaluate(async () => {
    const { stage } = window;
    const { first, tabweave } = window as unknown as {
      first: typeof stage;
      tabweave: import("tabweave").TabweaveClient;
    };
    const again = stage.client({ namespace: tabweave.namespace });
    const refused = await again.mutate(stage.explode, { why: "no" }).settled.catch((error: unknown) => error);
    return {
      isOtherCopy: first.createTabweave !== stage.createTabweave,
      isSame: again === tabweave,
      answer: await again.mutate(stage.keep, 1).settled,
      calls: [first.server.calls.length, stage.server.calls.length],
      isKnown: stage.isTabweaveError(refused) && !(refused instanceof stage.TabweaveError),
    };
  });
  expect(seen).toEqual({ isOtherCopy: true, isSame: true, answer: "done", calls: [0, 1], isKnown: true });
});

test("the living client takes its results from the new source", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { client, MemorySource, notes, texts, until } = window.stage;
    const first = new MemorySource();
    first.answer("notes", () => [{ id: "1", list: "a", text: "from the first" }]);
    const tabweave = client({ source: first });
    tabweave.subscribe(notes, { list: "a" }, () => {});
    await until(() => texts(tabweave)?.[0] === "from the first");
    const second = new MemorySource();
    second.answer("notes", () => [{ id: "1", list: "a", text: "from the second" }]);
    client({ source: second });
    await until(() => texts(tabweave)?.[0] === "from the second");
    first.answer("notes", () => [{ id: "1", list: "a", text: "from the past" }]);
    return { texts: texts(tabweave), watched: [first.watched.size, second.watched.size] };
  });
  expect(seen).toEqual({ texts: ["from the second"], watched: [0, 1] });
});

test("a closed client makes room for a new one, and gives everything back", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ready, keep } = window.stage;
    const first = await ready();
    first.close();
    const ours = async () => {
      const { held = [], pending = [] } = await navigator.locks.query();
      return [...held, ...pending].filter(({ name }) => name?.startsWith("tabweave/")).length;
    };
    while ((await ours()) > 0);
    const second = await ready();
    return { isOther: first !== second, answer: await second.mutate(keep, 1).settled };
  });
  expect(seen).toEqual({ isOther: true, answer: "done" });
});

test("an operation of a name unknown in this tab waits, and runs once that is registered", async () => {
  const context = await site.context();
  const page = await site.page(context);
  await page.evaluate(async () => {
    const { client, defineOperation, MemorySource, until } = window.stage;
    const former = defineOperation<string>("formerName", { run: () => 1 });
    const tabweave = client({ source: new MemorySource({ connected: false }), operations: [former] });
    await until(() => tabweave.connectivity.getSnapshot().role === "leader");
    await tabweave.mutate(former, "waits").persisted;
  });
  await page.reload();
  await page.waitForFunction(() => "stage" in window);
  const seen = await page.evaluate(async () => {
    const { ready, defineOperation, until } = window.stage;
    const tabweave = await ready();
    const states = () => tabweave.outbox.getSnapshot().operations.map(({ state, why }) => `${state} ${why}`);
    await until(() => states()[0] === "waiting no_handler");
    const codes = tabweave.diagnostics.getSnapshot().map(({ code }) => code);
    const ran: unknown[] = [];
    const renamed = defineOperation<string>("newName", {
      aliases: ["formerName"],
      run: ({ args }) => ran.push(args),
    });
    tabweave.register(renamed);
    await until(() => ran.length === 1);
    return { codes, ran };
  });
  expect(seen).toEqual({ codes: ["no_handler"], ran: ["waits"] });
});
