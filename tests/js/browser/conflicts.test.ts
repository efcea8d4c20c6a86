import { expect, test } from "vitest";
import type {} from "../pages/stage.js";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

test("what the server holds against an edit is merged with it and sent under a new key", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ConflictError, editNote, ready, server } = window.stage;
    const tabweave = await ready();
    const held = { id: "1", list: "a", text: "old", extra: "theirs" };
    server.answer = ({ attempt }) => {
      if (attempt === 1) throw new ConflictError({ document: held });
      return "done";
    };
    const { id, settled } = tabweave.mutate(editNote, {
      id: "1",
      next: { id: "1", list: "a", text: "mine" },
    });
    const result = await settled;
    const keys = server.calls.map(({ key }) => key.replace(id, "ID"));
    return { result, keys, last: server.calls.at(-1)?.args };
  });
  expect(seen).toEqual({
    result: "done",
    keys: ["ID", "ID.1"],
    last: {
      id: "1",
      base: { id: "1", list: "a", text: "old", extra: "theirs" },
      next: { id: "1", list: "a", text: "mine", extra: "theirs" },
      changed: ["text"],
    },
  });
});

test("what others did is merged before an edit is sent, if this tab knows it, and shown at once", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { client, editNote, MemorySource, notes, server, until } = window.stage;
    const source = new MemorySource();
    const answer = (extra: string) =>
      source.answer("notes", () => [{ id: "1", list: "a", text: "old", extra }]);
    answer("before");
    const tabweave = client({ source });
    tabweave.subscribe(notes, { list: "a" }, () => {});
    await until(() => tabweave.connectivity.getSnapshot().role === "leader");
    source.setConnected(false);
    const next = { id: "1", list: "a", text: "mine", extra: "before" };
    const { persisted, settled } = tabweave.mutate(editNote, { id: "1", next });
    await persisted;
    answer("after");
    let shown: unknown;
    server.answer = () => {
      shown = tabweave.view(notes, { list: "a" }).data;
      return "done";
    };
    source.setConnected(true);
    await settled;
    return { shown, calls: server.calls.map(({ args }) => args) };
  });
  const merged = { id: "1", list: "a", text: "mine", extra: "after" };
  const base = { id: "1", list: "a", text: "old", extra: "after" };
  expect(seen).toEqual({ shown: [merged], calls: [{ id: "1", base, next: merged, changed: ["text"] }] });
});

test("what no rule decides waits for a person in every tab, over a reload, and is decided once", async () => {
  const context = await site.context();
  const first = await site.page(context);
  const parked = await first.evaluate(async () => {
    const { ConflictError, editNote, mark, ready, server, until } = window.stage;
    const tabweave = await ready();
    const codes: string[] = [];
    tabweave.diagnostics.subscribe(() =>
      codes.push(...tabweave.diagnostics.getSnapshot().map(({ code }) => code as string)),
    );
    server.answer = ({ name }) => {
      if (name === "editNote") throw new ConflictError({ document: { id: "1", list: "a", text: "theirs" } });
      return "done";
    };
    const { id } = tabweave.mutate(editNote, { id: "1", next: { id: "1", list: "a", text: "mine" } });
    await until(() => tabweave.conflicts.getSnapshot().length === 1);
    // What is in another scope goes on.
    await tabweave.mutate(mark, { id: "2", extra: 1 }).settled;
    const [conflict] = tabweave.conflicts.getSnapshot();
    return { id, conflict, isUnattended: codes.includes("conflict_unattended") };
  });
  expect(parked.isUnattended).toBe(true);
  expect(parked.conflict).toMatchObject({
    id: parked.id,
    name: "editNote",
    collection: "notes",
    document: "1",
    base: { text: "old" },
    local: { text: "mine" },
    server: { text: "theirs" },
    merged: {
      conflicts: [{ path: ["text"], why: "both_changed", base: "old", local: "mine", server: "theirs" }],
    },
  });
  await first.close();

  const second = await site.page(context);
  const third = await site.page(context);
  for (const page of [second, third]) {
    await page.evaluate(async () => {
      const { client, MemorySource, until } = window.stage;
      const made = client({ source: new MemorySource() });
      Object.assign(window, { made });
      made.conflicts.subscribe(() => {});
      await until(() => made.conflicts.getSnapshot().length === 1);
    });
  }
  const decided = await third.evaluate(async (id) => {
    const { made, stage } = window as unknown as {
      made: import("tabweave").TabweaveClient;
      stage: typeof window.stage;
    };
    const value = { id: "1", list: "a", text: "both" };
    await made.conflicts.resolve(id, { value, choices: [] });
    const again = await stage.outcome(made.conflicts.resolve(id, { value, choices: [] }));
    return (again as { code: string }).code;
  }, parked.id);
  expect(decided).toBe("not_changeable");
  await second.waitForFunction(() => window.stage.server.calls.some(({ name }) => name === "editNote"));
  const call = await second.evaluate(() => window.stage.server.calls.find(({ name }) => name === "editNote"));
  expect(call?.key).toBe(`${parked.id}.1`);
  expect(call?.args).toMatchObject({ base: { text: "theirs" }, next: { text: "both" } });
});

test("an edit that is given up lets the next of its scope go on", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ConflictError, editNote, outcome, ready, rename, server, until } = window.stage;
    const tabweave = await ready();
    server.answer = ({ name }) => {
      if (name === "editNote") throw new ConflictError({ document: { id: "1", list: "a", text: "theirs" } });
      return "renamed";
    };
    const edit = tabweave.mutate(editNote, { id: "1", next: { id: "1", list: "a", text: "mine" } });
    const next = tabweave.mutate(rename, { id: "1", text: "later" });
    await until(() => tabweave.conflicts.getSnapshot().length === 1);
    await tabweave.conflicts.resolve(edit.id, { discard: true });
    const log = await tabweave.getAuditLog();
    return [await outcome(edit.settled), await next.settled, log];
  });
  // What was given up is not lost without a word.
  const entry = { path: ["text"], kind: "server", local: { value: "mine" }, result: { value: "theirs" } };
  expect(seen).toMatchObject([{ code: "cancelled" }, "renamed", [entry]]);
});

test("a document that is gone can be decided by nothing but giving the edit up", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ConflictError, editNote, outcome, ready, server, until } = window.stage;
    const tabweave = await ready();
    server.answer = () => {
      throw new ConflictError({ removed: true });
    };
    const { id } = tabweave.mutate(editNote, { id: "1", next: { id: "1", list: "a", text: "mine" } });
    await until(() => tabweave.conflicts.getSnapshot().length === 1);
    const [conflict] = tabweave.conflicts.getSnapshot();
    const refused = await outcome(tabweave.conflicts.resolve(id, { value: conflict?.local, choices: [] }));
    await tabweave.conflicts.resolve(id, { discard: true });
    return {
      why: conflict?.merged.conflicts.map(({ why }) => why),
      hasServer: "server" in (conflict ?? {}),
      refused,
    };
  });
  expect(seen).toMatchObject({ why: ["removed"], hasServer: false, refused: { code: "not_changeable" } });
});

test("every decision is in the log of every tab, which is whole, and found out to be otherwise", async () => {
  const context = await site.context();
  const first = await site.page(context);
  const decided = await first.evaluate(async () => {
    const { ConflictError, editNote, ready, server, until } = window.stage;
    const tabweave = await ready({ identity: "mira" });
    tabweave.conflicts.subscribe(() => {});
    const held = { id: "1", list: "a", text: "theirs", extra: ["x", "y"] };
    server.answer = ({ attempt }) => {
      if (attempt === 1) throw new ConflictError({ document: held });
      return "done";
    };
    const next = { id: "1", list: "a", text: "mine", extra: ["z"] };
    const { id, settled } = tabweave.mutate(editNote, { id: "1", next });
    await until(() => tabweave.conflicts.getSnapshot().length === 1);
    const [conflict] = tabweave.conflicts.getSnapshot();
    const value = { ...(conflict?.merged.value as typeof next), text: "both" };
    await tabweave.conflicts.resolve(id, {
      value,
      choices: [{ path: ["text"], kind: "manual", result: "both" }],
    });
    await settled;
    return { id, sent: server.calls.at(-1)?.args };
  });
  expect(decided.sent).toMatchObject({ next: { text: "both", extra: ["x", "y", "z"] } });

  const second = await site.page(context);
  const seen = await second.evaluate(async () => {
    const { client, MemorySource, until } = window.stage;
    const tabweave = client({ source: new MemorySource(), identity: "mira" });
    await until(() => tabweave.connectivity.getSnapshot().role === "follower");
    const log = await tabweave.getAuditLog();
    const whole = await tabweave.verifyAudit();
    const other = await tabweave.verifyAudit({ number: 0, hash: "0".repeat(64) });
    const exported = JSON.parse(await tabweave.exportAudit());
    const none = await tabweave.getAuditLog({ document: "2" });
    return { log, whole, other, exported: exported.entries.length, none };
  });
  expect(seen.log).toMatchObject([
    {
      number: 0,
      who: "mira",
      operation: decided.id,
      collection: "notes",
      document: "1",
      path: ["extra"],
      rule: "union",
      kind: "auto",
      local: { value: ["z"] },
      server: { value: ["x", "y"] },
      result: { value: ["x", "y", "z"] },
    },
    {
      number: 1,
      path: ["text"],
      rule: "none",
      kind: "manual",
      base: { value: "old" },
      result: { value: "both" },
    },
  ]);
  expect(seen.whole).toMatchObject({ findings: [], head: { number: 1, hash: seen.log[1]?.hash } });
  expect(seen.other.findings).toMatchObject([{ fault: "replaced", number: 0 }]);
  expect([seen.exported, seen.none]).toEqual([2, []]);
});

test("whoever is told of another identity finds no conflicts of the former one", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ConflictError, editNote, ready, server, until } = window.stage;
    const tabweave = await ready({ identity: "anna" });
    server.answer = () => {
      throw new ConflictError({ document: { id: "1", list: "a", text: "theirs" } });
    };
    const listed = () => tabweave.conflicts.getSnapshot().length;
    const told: number[] = [];
    tabweave.conflicts.subscribe(() => told.push(listed()));
    tabweave.mutate(editNote, { id: "1", next: { id: "1", list: "a", text: "mine" } });
    await until(() => listed() === 1);
    const found: number[] = [];
    tabweave.connectivity.subscribe(() => found.push(listed()));
    tabweave.setIdentity("bob");
    return { told, found: found[0], listed: listed() };
  });
  expect(seen).toEqual({ told: [1, 0], found: 0, listed: 0 });
});

test("a log that keeps hashes only is verified alike, and shows no value", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ConflictError, editNote, ready, server, until } = window.stage;
    const tabweave = await ready({ auditValues: "hash" });
    tabweave.conflicts.subscribe(() => {});
    server.answer = () => {
      throw new ConflictError({ document: { id: "1", list: "a", text: "their secret" } });
    };
    const { id } = tabweave.mutate(editNote, { id: "1", next: { id: "1", list: "a", text: "my secret" } });
    await until(() => tabweave.conflicts.getSnapshot().length === 1);
    await tabweave.conflicts.resolve(id, { discard: true });
    const log = await tabweave.getAuditLog();
    const { findings } = await tabweave.verifyAudit();
    return { log, findings, exported: await tabweave.exportAudit() };
  });
  const hash = { hash: expect.stringMatching(/^[0-9a-f]{64}$/) };
  expect(seen.log).toMatchObject([{ path: ["text"], local: hash, server: hash, result: hash }]);
  expect(seen.findings).toEqual([]);
  expect(seen.exported).not.toContain("secret");
});

test("what the server holds and nobody can merge holds up its own scope only", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ConflictError, editNote, mark, ready, server, until } = window.stage;
    const tabweave = await ready();
    server.answer = ({ name }) => {
      if (name !== "editNote") return "done";
      const held = { id: "1", list: "a", text: "theirs" };
      throw new ConflictError({ document: Object.assign(held, { extra: held }) });
    };
    const { id } = tabweave.mutate(editNote, { id: "1", next: { id: "1", list: "a", text: "mine" } });
    const stateOf = () => tabweave.outbox.getSnapshot().operations.find((one) => one.id === id)?.state;
    await until(() => stateOf() === "parked");
    const other = await tabweave.mutate(mark, { id: "2", extra: 1 }).settled;
    return { other, listed: tabweave.conflicts.getSnapshot().length, cancelled: tabweave.cancel(id) };
  });
  expect(seen).toEqual({ other: "done", listed: 0, cancelled: true });
});
