import type { BrowserContext, Page } from "@playwright/test";
import type { TabweaveClient } from "tabweave";
import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

/** A text that must not be found anywhere but where it was typed. */
const SECRET = "correct horse battery staple";

/** Writes down everything that a page has stored, or tells other pages. */
function overhear(): void {
  const heard: string[] = [];
  Object.assign(window, { heard });
  const spy = (owner: object, names: readonly string[]) => {
    for (const name of names) {
      const real = Reflect.get(owner, name) as (...args: unknown[]) => unknown;
      Reflect.set(owner, name, function (this: unknown, ...args: unknown[]) {
        heard.push(`${name} ${JSON.stringify(args)}`);
        return real.apply(this, args);
      });
    }
  };
  spy(IDBObjectStore.prototype, ["add", "put"]);
  spy(Storage.prototype, ["setItem"]);
  spy(BroadcastChannel.prototype, ["postMessage"]);
}

async function heardIn(page: Page): Promise<string> {
  return page.evaluate(() => (window as unknown as { heard: string[] }).heard.join("\n"));
}

/** Everything that the browser holds of this origin, as text. */
async function storedIn(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const found: unknown[] = [{ ...localStorage }, { ...sessionStorage }];
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll();
        await new Promise((resolve) => all.addEventListener("success", resolve));
        found.push(all.result);
      }
      database.close();
    }
    return JSON.stringify(found);
  });
}

/** A page whose client listens to everything, as `tabweave`, with sensitive operations of all kinds. */
async function open(context: BrowserContext, role: "leader" | "follower"): Promise<Page> {
  const page = await site.page(context);
  await page.evaluate(async (expected) => {
    const { client, defineEdit, defineOperation, notes, operations, server, until } = window.stage;
    const { MemorySource, texts } = window.stage;
    const call = (name: string, args: unknown, key: string, attempt: number) => {
      const made = { name, key, args, attempt };
      server.calls.push(made);
      return server.answer(made);
    };
    const sensitive = true;
    const sign = defineOperation<{ id: string; text: string }, unknown>("sign", {
      sensitive,
      maxRetries: 0,
      creates: (result) => String((result as { secret?: string }).secret),
      run: ({ args, key, attempt }) => call("sign", args, key, attempt),
      optimistic: (tx, { id, text }) => {
        if (id === "") throw new Error(`no id for ${text}`);
        tx.update(notes, id, { text });
      },
    });
    const seal = defineEdit<{ id: string; list: string; text: string }, { list: string }>("seal", {
      sensitive,
      document: notes,
      run: ({ next, key, attempt }) => call("seal", next, key, attempt),
    });
    const told: unknown[] = [];
    const logger = { warn: tell, error: tell };
    function tell(message: string, error: Error): void {
      told.push([message, error.message, String(error.cause)]);
    }
    const source = new MemorySource();
    source.answer("notes", () => [{ id: "1", list: "a", text: "old" }]);
    const tabweave = client({ source, logger, operations: [...operations, sign, seal] });
    tabweave.subscribe(notes, { list: "a" }, () => {});
    const settled: unknown[] = [];
    tabweave.onSettledAnywhere(({ name, state, result, error }) => {
      settled.push({ name, state, result, code: error?.code, cause: String(error?.cause) });
    });
    Object.assign(window, { tabweave, sign, seal, settled, told });
    await until(() => texts(tabweave) && tabweave.connectivity.getSnapshot().role === expected);
  }, role);
  return page;
}

interface Opened {
  readonly tabweave: TabweaveClient;
  readonly sign: import("tabweave").Operation<{ id: string; text: string }, unknown>;
  readonly seal: import("tabweave").Edit<
    { id: string; list: string; text: string },
    { list: string },
    unknown
  >;
  readonly settled: unknown[];
  readonly told: unknown[];
}

test("what is sensitive is sent by its page, which hears of it all, and is found nowhere else", async () => {
  const context = await site.context();
  await context.addInitScript(overhear);
  const leader = await open(context, "leader");
  const page = await open(context, "follower");
  const seen = await page.evaluate(async (secret) => {
    const { server, outcome, until, texts } = window.stage;
    const { tabweave, sign, seal } = window as unknown as Opened;
    server.answer = ({ name, args }) => {
      if ((args as { id: string }).id === "2") {
        throw Object.assign(new Error(`not ${secret}`), { status: 422, data: { secret } });
      }
      return { name, secret };
    };
    const signed = tabweave.mutate(sign, { id: "1", text: secret });
    const shown = texts(tabweave);
    const refused = tabweave.mutate(sign, { id: "2", text: secret });
    const sealed = tabweave.mutate(seal, { id: "1", next: { id: "1", list: "a", text: secret } });
    const failed = tabweave.mutate(sign, { id: "", text: secret });
    const odd = tabweave.mutate(sign, { id: "1", text: () => secret } as never);
    const ends = [];
    for (const { settled } of [signed, refused, sealed, failed, odd]) ends.push(await outcome(settled));
    await until(() => tabweave.outbox.getSnapshot().dead.length === 1);
    return {
      shown,
      durability: signed.durability,
      persisted: await outcome(signed.persisted),
      ends,
      sent: server.calls.map(({ args }) => (args as { text: string }).text),
    };
  }, SECRET);
  expect(seen.shown).toEqual([SECRET]);
  expect(seen.durability).toBe("memory");
  expect(seen.persisted).toMatchObject({ code: "sensitive_operation" });
  expect(seen.sent).toEqual([SECRET, SECRET, SECRET]);
  expect(seen.ends).toMatchObject([
    { value: { name: "sign", secret: SECRET } },
    { code: "rejected", cause: `Error: not ${SECRET}` },
    { value: { name: "seal", secret: SECRET } },
    { code: "optimistic_threw", cause: `Error: no id for ${SECRET}` },
    { code: "args_not_cloneable" },
  ]);

  const readIn = (where: Page) =>
    where.evaluate(async () => {
      const { until } = window.stage;
      const { tabweave, settled, told } = window as unknown as Opened;
      const { outbox, diagnostics } = tabweave;
      await until(() => settled.length === 3 && outbox.getSnapshot().dead.length === 1);
      const entries = outbox.getSnapshot().operations.map((entry) => ({
        ...entry,
        error: entry.error && [entry.error.code, String(entry.error.cause)],
      }));
      const notes = diagnostics.getSnapshot().map(({ error }) => [error.message, String(error.cause)]);
      const list = entries.map(({ sensitive, args, state }) => [state, sensitive, args === undefined]);
      const exported = await tabweave.exportDeadLetters();
      return {
        settled,
        list,
        exported,
        all: JSON.stringify([entries, notes, told]),
        calls: window.stage.server.calls,
      };
    });
  const [own, other] = [await readIn(page), await readIn(leader)];
  expect(own.settled).toMatchObject([
    { state: "done", result: { secret: SECRET } },
    { state: "dead", code: "rejected", cause: `Error: not ${SECRET}` },
    { state: "done", result: { secret: SECRET } },
  ]);
  expect(other.settled).toMatchObject([
    { state: "done", result: undefined },
    { state: "dead", code: "rejected", cause: "undefined" },
    { state: "done", result: undefined },
  ]);
  expect(other.calls).toEqual([]);
  for (const { list, exported, all } of [own, other]) {
    expect(list.sort()).toEqual([
      ["dead", true, true],
      ["done", true, true],
      ["done", true, true],
    ]);
    expect(JSON.parse(exported).letters).toMatchObject([{ name: "sign", sensitive: true, code: "rejected" }]);
    expect(exported + all).not.toContain(SECRET);
  }
  for (const where of [page, leader]) {
    const [heard, stored] = [await heardIn(where), await storedIn(where)];
    expect(heard, "the spies work").toContain('"sensitive":true');
    expect(stored).toContain('"sensitive":true');
    expect(heard + stored).not.toContain(SECRET);
  }
});

test("what the server holds in place of it stays in its page, too", async () => {
  const context = await site.context();
  await context.addInitScript(overhear);
  const leader = await open(context, "leader");
  const page = await open(context, "follower");
  await page.evaluate(async (secret) => {
    const { ConflictError, server, until } = window.stage;
    const { tabweave, seal } = window as unknown as Opened;
    server.answer = () => {
      throw new ConflictError({ document: { id: "1", list: "a", text: secret } });
    };
    tabweave.mutate(seal, { id: "1", next: { id: "1", list: "a", text: "other" } });
    await until(() => tabweave.outbox.getSnapshot().operations[0]?.why === "conflict");
  }, SECRET);
  for (const where of [page, leader]) {
    const [heard, stored] = [await heardIn(where), await storedIn(where)];
    expect(stored).toContain('"why":"conflict"');
    expect(heard + stored).not.toContain(SECRET);
  }
});

test("a dead letter is tried again, and changed, in its page", async () => {
  const page = await open(await site.context(), "leader");
  const seen = await page.evaluate(async (secret) => {
    const { server, outcome, until } = window.stage;
    const { tabweave, sign } = window as unknown as Opened;
    server.answer = ({ attempt, args }) => {
      if ((args as { text: string }).text === secret) throw Object.assign(new Error("no"), { status: 422 });
      return attempt;
    };
    const handle = tabweave.mutate(sign, { id: "1", text: secret });
    const first = await outcome(handle.settled);
    tabweave.retry(handle.id);
    await until(() => server.calls.length === 2 && tabweave.outbox.getSnapshot().dead.length === 1);
    const changed = await tabweave.edit(handle.id, { id: "1", text: "other" });
    return {
      first,
      last: await outcome(changed.settled),
      sent: server.calls.map(({ args }) => (args as { text: string }).text),
      dead: tabweave.outbox.getSnapshot().dead.length,
    };
  }, SECRET);
  expect(seen).toMatchObject({
    first: { code: "rejected" },
    last: { value: 1 },
    sent: [SECRET, SECRET, "other"],
    dead: 0,
  });
});

test("what was called before the engine was ready is sent as it was called", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async (secret) => {
    const { client, defineOperation, outcome, MemorySource } = window.stage;
    const echo = defineOperation<string, string>("echo", { sensitive: true, run: ({ args }) => args });
    const tabweave = client({ source: new MemorySource(), operations: [echo] });
    const handle = tabweave.mutate(echo, secret);
    const [listed] = tabweave.outbox.getSnapshot().operations;
    return { listed: [listed?.args, listed?.sensitive], settled: await outcome(handle.settled) };
  }, SECRET);
  expect(seen).toEqual({ listed: [undefined, true], settled: { value: SECRET } });
});

test("when its page is gone it is a dead letter, which the others are told", async () => {
  const context = await site.context();
  const leader = await open(context, "leader");
  const page = await open(context, "follower");
  await page.evaluate(async (secret) => {
    const { server, until } = window.stage;
    const { tabweave, sign, seal } = window as unknown as Opened;
    server.answer = () => new Promise(() => {});
    tabweave.mutate(sign, { id: "1", text: secret });
    await until(() => server.calls.length === 1);
    tabweave.mutate(sign, { id: "1", text: `${secret} again` });
    void seal;
  }, SECRET);
  await leader.evaluate(async () => {
    const { tabweave } = window as unknown as Opened;
    const { operations } = tabweave.outbox.getSnapshot();
    await window.stage.until(() => tabweave.outbox.getSnapshot().operations.length === 2);
    return operations;
  });
  await page.close();
  const dead = await leader.evaluate(async () => {
    const { tabweave } = window as unknown as Opened;
    const read = () => tabweave.outbox.getSnapshot().dead;
    await window.stage.until(() => read().length === 2);
    return read().map(({ state, inDoubt, error }) => [state, inDoubt, error?.code]);
  });
  expect(dead).toEqual([
    ["dead", true, "outcome_unknown"],
    ["dead", false, "page_gone"],
  ]);
});
