import { expect, test } from "vitest";
import { Site } from "../browser/site.js";
import type {} from "../pages/resolution.js";

const site = Site.forThisFile("resolution.tsx");

test("an edit that waits is a conflict, with the server's state first", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { parked, conflictResolutionManager: manager } = window.resolution;
    const { handle } = await parked();
    const [conflict] = manager.getActiveConflicts("1");
    return {
      conflict,
      id: handle.id,
      stats: manager.getConflictStats(),
      others: manager.getActiveConflicts("2"),
    };
  });
  expect(seen.conflict).toEqual({
    id: seen.id,
    type: "custom",
    severity: "medium",
    interactionId: "1",
    serverState: { id: "1", list: "a", text: "theirs", extra: { theirs: 1 } },
    clientState: { id: "1", list: "a", text: "mine", extra: { mine: 1 } },
    timestamp: expect.any(Number),
    description: "The same thing is not the same here and on the server (text).",
    autoResolvable: false,
    resolved: false,
  });
  expect(seen.stats).toMatchObject({ total: 1, active: 1 });
  expect(seen.others).toEqual([]);
});

const both = { mine: 1, theirs: 1 };

test.each([
  ["client", undefined, { text: "mine", extra: both }, undefined],
  ["local", undefined, { text: "mine", extra: both }, undefined],
  ["merge", undefined, { text: "theirs", extra: both }, ["text"]],
  ["merge", { id: "1", list: "a", text: "both" }, { text: "both" }, undefined],
  ["manual", { id: "1", list: "a", text: "other" }, { text: "other" }, undefined],
] as const)("%s with %o sends what it says", async (method, mergedState, next, asServer) => {
  const page = await site.page();
  const seen = await page.evaluate(
    async ([method, mergedState]) => {
      const { parked, conflictResolutionManager: manager } = window.resolution;
      const { handle } = await parked();
      const isTaken = manager.resolveConflict(handle.id, method, undefined, "so be it", mergedState);
      const active = manager.getActiveConflicts().length;
      const result = await handle.settled;
      const { server } = window.stage;
      const [call] = server.calls.slice(-1);
      return {
        ...{ isTaken, active, result, id: handle.id, key: call?.key, args: call?.args },
        conflict: manager.getConflict(handle.id),
        entry: manager.getAuditLog(1)[0],
      };
    },
    [method, mergedState] as const,
  );
  expect(seen).toMatchObject({ isTaken: true, active: 0, result: "done", key: `${seen.id}.1` });
  const document = { id: "1", list: "a", ...next };
  expect(seen.args).toMatchObject({ base: { text: "theirs" }, next: document });
  expect(seen.conflict).toMatchObject({
    resolved: true,
    resolution: { method: method === "local" ? "client" : method, notes: "so be it", mergedState: document },
  });
  expect(seen.entry).toMatchObject({
    action: "conflict_resolved",
    details: { effect: "sent", operation: seen.id },
  });
  expect(seen.entry?.details.asServer).toEqual(asServer);
});

test("for the server the edit is given up, and it stays decided", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { parked, conflictResolutionManager: manager } = window.resolution;
    const { handle, tabweave } = await parked();
    const calls = window.stage.server.calls.length;
    const taken = [
      manager.resolveConflict(handle.id, "server"),
      manager.resolveConflict(handle.id, "client"),
    ];
    const outcome = await window.stage.outcome(handle.settled);
    await window.stage.until(() => tabweave.conflicts.getSnapshot().length === 0);
    return { taken, outcome, isSent: window.stage.server.calls.length > calls };
  });
  expect(seen).toMatchObject({ taken: [true, false], outcome: { code: "cancelled" }, isSent: false });
});

test("what would leave nothing of the edit, is no whole document or does not exist is refused", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { parked, conflictResolutionManager: manager, why } = window.resolution;
    const { handle, tabweave } = await parked(undefined, {}, {});
    const refused: unknown[] = [];
    const attempt = (...args: [id: string, method: "merge" | "manual", state?: unknown]) =>
      refused.push(manager.resolveConflict(args[0], args[1], undefined, undefined, args[2]), why());
    attempt(handle.id, "merge");
    attempt(handle.id, "manual");
    attempt(handle.id, "manual", { text: "a part" });
    attempt(handle.id, "manual", { id: "2", list: "a", text: "another key" });
    attempt(handle.id, "manual", { id: "1", list: "a", text: "x", extra: () => 1 });
    attempt("nobody", "merge");
    return {
      refused,
      waits: tabweave.conflicts.getSnapshot().length,
      active: manager.getActiveConflicts().length,
    };
  });
  expect(seen).toEqual({
    refused: [
      ...[false, "conflict", false, "invalid_option", false, "invalid_option", false, "invalid_option"],
      ...[false, "args_not_cloneable", false, "not_changeable"],
    ],
    waits: 1,
    active: 1,
  });
});

test("of a document that is gone the edit can only be given up", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { parked, conflictResolutionManager: manager, why } = window.resolution;
    const { handle } = await parked({ removed: true });
    const severity = manager.getConflict(handle.id)?.severity;
    const refused = [manager.resolveConflict(handle.id, "client"), why()];
    return { severity, refused, isTaken: manager.resolveConflict(handle.id, "server") };
  });
  expect(seen).toEqual({ severity: "critical", refused: [false, "not_changeable"], isTaken: true });
});

test("a strategy of the app merges an edit when a person asks for it, and not by itself", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { parked, conflictResolutionManager: manager } = window.resolution;
    const { handle } = await parked();
    const before = manager.getConflict(handle.id);
    manager.registerMergeStrategy("custom", {
      name: "both-texts",
      description: "Both texts, one after another",
      priority: 1,
      canMerge: (server) => typeof server.text === "string",
      merge: (server, client) => ({ ...server, text: `${server.text} ${client.text}` }),
    });
    const after = manager.getConflict(handle.id);
    const isTaken = manager.resolveConflict(handle.id, "merge");
    await handle.settled;
    const call = window.stage.server.calls.at(-1)?.args as { next: { text: string } };
    return { before, after, isTaken, text: call.next.text };
  });
  expect(seen).toMatchObject({
    before: { autoResolvable: false },
    after: { autoResolvable: true, severity: "low", resolved: false },
    isTaken: true,
    text: "theirs mine",
  });
});

test("what a strategy throws over an edit is told when somebody decides, and the edit waits on", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { parked, codes, conflictResolutionManager: manager } = window.resolution;
    const { handle, tabweave } = await parked(undefined, {}, {});
    const strategy = { name: "bad", description: "", priority: 1, canMerge: () => true };
    manager.registerMergeStrategy("custom", {
      ...strategy,
      merge: () => {
        throw new Error("boom");
      },
    });
    manager.getActiveConflicts();
    const before = codes(tabweave).includes("resolver_threw");
    const isTaken = manager.resolveConflict(handle.id, "merge");
    const log = manager.getAuditLog().map(({ action }) => action);
    return { before, isTaken, log, after: codes(tabweave).includes("resolver_threw") };
  });
  const log = ["strategy_failed", "resolution_refused"];
  expect(seen).toEqual({ before: false, isTaken: false, log, after: true });
});

test("what was decided and is in conflict again waits again", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { parked, conflictResolutionManager: manager } = window.resolution;
    const { ConflictError, server, until } = window.stage;
    const { handle, tabweave } = await parked();
    server.answer = () => {
      throw new ConflictError({ document: { id: "1", list: "a", text: "once more" } });
    };
    manager.resolveConflict(handle.id, "client");
    await until(() => manager.getActiveConflicts().length === 1 && server.calls.length === 2);
    const [conflict] = manager.getActiveConflicts();
    server.answer = () => "done";
    const isTaken = manager.resolveConflict(handle.id, "client");
    await handle.settled;
    return { conflict, isTaken, id: handle.id, left: tabweave.conflicts.getSnapshot().length };
  });
  expect(seen).toMatchObject({
    isTaken: true,
    left: 0,
    conflict: { id: seen.id, serverState: { text: "once more" } },
  });
});

test("every tab lists it, one decides it", async () => {
  const context = await site.context();
  const first = await site.page(context);
  const second = await site.page(context);
  const id = await first.evaluate(async () => (await window.resolution.parked()).handle.id);
  const seen = await second.evaluate(async (id) => {
    const { client, MemorySource, until } = window.stage;
    const { conflictResolutionManager: manager } = window.resolution;
    const tabweave = client({ source: new MemorySource() });
    await until(() => manager.getActiveConflicts().length === 1);
    const isTaken = manager.resolveConflict(id, "client", "anna");
    await until(() => tabweave.conflicts.getSnapshot().length === 0);
    return { isTaken, resolution: manager.getConflict(id)?.resolution };
  }, id);
  expect(seen).toMatchObject({ isTaken: true, resolution: { userId: "anna" } });
  const late = await first.evaluate(async (id) => {
    const { conflictResolutionManager: manager } = window.resolution;
    await window.stage.until(() => window.stage.server.calls.length === 2);
    return [manager.resolveConflict(id, "server"), manager.getActiveConflicts().length];
  }, id);
  expect(late).toEqual([false, 0]);
});

test("a component shows it, hears of its end, and is what somebody listens with", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { parked, showBar, codes, conflictResolutionManager: manager } = window.resolution;
    await window.stage.ready();
    const renders = showBar();
    const { handle, tabweave } = await parked();
    await window.stage.until(() => renders.at(-1) === "mine 0");
    manager.resolveConflict(handle.id, "server");
    await window.stage.until(() => renders.at(-1) === " 1");
    return { first: renders[0], codes: codes(tabweave) };
  });
  expect(seen.first).toBe(" 0");
  expect(seen.codes).not.toContain("conflict_unattended");
});

test("a page that only asks shows nothing to anybody", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { parked, codes, conflictResolutionManager: manager } = window.resolution;
    await window.stage.ready();
    manager.getActiveConflicts();
    const { tabweave } = await parked();
    return codes(tabweave);
  });
  expect(seen).toContain("conflict_unattended");
});
