import { expect, test } from "vitest";
import { Site } from "../browser/site.js";
import type {} from "../pages/resolution.js";

const site = Site.forThisFile("resolution.tsx");

test("what both sides did is sent by the connected edit, once however often it is told", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { conflictResolutionManager: manager } = window.resolution;
    const { editNote, ready, server, until } = window.stage;
    const tabweave = await ready();
    manager.registerOperation("custom", editNote);
    const held = { id: "1", list: "a", text: "old" };
    manager.detectConflict("1", held, held, "custom");
    const told = ["1", held, { ...held, text: "mine" }, "custom"] as const;
    const results = [manager.detectConflict(...told), manager.detectConflict(...told)];
    await until(() => tabweave.outbox.getSnapshot().waiting === 0 && server.calls.length > 0);
    return { results, calls: server.calls, log: manager.getAuditLog().map(({ action }) => action) };
  });
  const next = { id: "1", list: "a", text: "mine" };
  expect(seen.results).toMatchObject([{ autoResolved: true }, { autoResolved: true }]);
  expect(seen.calls).toMatchObject([{ name: "editNote", args: { id: "1", base: { text: "old" }, next } }]);
  expect(seen.log).toEqual(["conflict_detected", "conflict_auto_resolved"]);
});

test("what a person decides is called with the arguments that the app makes of it", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { conflictResolutionManager: manager, createStatusConflict } = window.resolution;
    const { mark, ready, server, until } = window.stage;
    await ready();
    manager.registerOperation("status_update", mark, (status, { interactionId }) => ({
      id: interactionId,
      extra: status,
    }));
    const decide = (interactionId: string, method: "server" | "client") => {
      const { conflicts } = createStatusConflict(interactionId, "paused", "live");
      return manager.resolveConflict(conflicts[0]?.id ?? "", method);
    };
    const taken = [decide("1", "server"), decide("2", "client")];
    await until(() => server.calls.length > 0);
    return {
      taken,
      calls: server.calls.map(({ args }) => args),
      details: manager.getAuditLog(1)[0]?.details,
    };
  });
  expect(seen).toMatchObject({
    taken: [true, true],
    calls: [{ id: "2", extra: "live" }],
    details: { method: "client", effect: "sent" },
  });
});

test("an edit of what was decided keeps what came to be shown meanwhile, and takes nothing back", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { conflictResolutionManager: manager, why } = window.resolution;
    const { client, editNote, MemorySource, notes, server, until } = window.stage;
    const source = new MemorySource();
    let held: object = { id: "1", list: "a", text: "theirs", extra: "before" };
    source.answer("notes", () => [held]);
    const tabweave = client({ source });
    tabweave.subscribe(notes, { list: "a" }, () => {});
    const shown = () => tabweave.view(notes, { list: "a" }).data?.[0];
    await until(() => shown() && tabweave.connectivity.getSnapshot().role === "leader");
    manager.registerOperation("custom", editNote);
    const mine = { ...held, text: "mine" };
    const { conflicts } = manager.detectConflict("1", held, mine, "custom");
    const id = conflicts[0]?.id ?? "";
    const change = async (more: object) => {
      held = { ...held, ...more };
      source.answer("notes", () => [held]);
      await until(() => JSON.stringify(shown()) === JSON.stringify(held));
    };
    // What this person wants to change was changed once more by others: nobody has decided about that.
    await change({ text: "theirs again" });
    const refused = [manager.resolveConflict(id, "client"), why(), manager.getActiveConflicts().length];
    await change({ text: "theirs", extra: "after" });
    const isTaken = manager.resolveConflict(id, "client");
    await until(() => server.calls.length > 0);
    return { refused, isTaken, calls: server.calls.map(({ args }) => args) };
  });
  expect(seen).toMatchObject({
    refused: [false, "conflict", 1],
    isTaken: true,
    calls: [{ base: { text: "theirs", extra: "after" }, next: { text: "mine", extra: "after" } }],
  });
});

test("what the client refuses is not resolved, and told", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { conflictResolutionManager: manager, codes, why } = window.resolution;
    const { editNote, explode, keep, ready } = window.stage;
    const tabweave = await ready();
    const outcomes: unknown[] = [];
    const attempt = (interactionId: string) => {
      const { conflicts } = manager.detectConflict(interactionId, { hp: 1 }, { hp: 2 }, "custom");
      outcomes.push(manager.resolveConflict(conflicts[0]?.id ?? "", "client"), why());
    };
    manager.registerOperation("custom", editNote);
    attempt("not shown");
    manager.registerOperation("custom", explode, () => ({ why: "it does" }));
    attempt("explodes");
    manager.registerOperation("custom", keep, () => () => 1);
    attempt("not cloneable");
    manager.registerOperation("custom", keep, () => {
      throw new Error("boom");
    });
    attempt("makes none");
    const waiting = tabweave.outbox.getSnapshot().waiting;
    return { outcomes, codes: codes(tabweave), active: manager.getActiveConflicts().length, waiting };
  });
  const refusals = ["document_not_loaded", "optimistic_threw", "args_not_cloneable", "resolver_threw"];
  expect(seen).toEqual({
    outcomes: refusals.flatMap((code) => [false, code]),
    codes: expect.arrayContaining(refusals),
    active: 4,
    waiting: 0,
  });
});

test("what the server refuses later is recorded, and listed by the client", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { conflictResolutionManager: manager } = window.resolution;
    const { keep, ready, server, until } = window.stage;
    const tabweave = await ready();
    server.answer = () => {
      throw Object.assign(new Error("no"), { status: 422 });
    };
    manager.registerOperation("custom", keep, (state) => state);
    const { conflicts } = manager.detectConflict("i1", { hp: 1 }, { hp: 2 }, "custom");
    manager.resolveConflict(conflicts[0]?.id ?? "", "client");
    await until(() => manager.getAuditLog(1)[0]?.action === "resolution_failed");
    const [letter] = tabweave.outbox.getSnapshot().dead;
    return { entry: manager.getAuditLog(1)[0]?.details, letter: letter?.id, id: conflicts[0]?.id };
  });
  expect(seen.entry).toEqual({ conflictId: seen.id, operation: seen.letter, why: "rejected" });
});

test("where nothing is connected the resolution is recorded, and that is told once", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { conflictResolutionManager: manager, codes } = window.resolution;
    const tabweave = await window.stage.ready();
    for (const interactionId of ["i1", "i2"]) {
      manager.detectConflict(interactionId, { tags: [1] }, { tags: [2] }, "custom");
    }
    const resolved = manager.getResolvedConflicts().map(({ resolution }) => resolution?.mergedState);
    return { resolved, codes: codes(tabweave), effect: manager.getAuditLog(1)[0]?.details.effect };
  });
  expect(seen).toEqual({
    resolved: [{ tags: [1, 2] }, { tags: [1, 2] }],
    codes: ["resolution_unconnected"],
    effect: "unconnected",
  });
});

test("what is one person's is nothing of the next one", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { parked, showBar, conflictResolutionManager: manager } = window.resolution;
    const { handle, tabweave } = await parked(undefined, { identity: "anna" });
    const renders = showBar();
    const secret = { _id: "s", text: "anna's" };
    manager.detectConflict("i1", secret, secret, "custom");
    manager.detectConflict("i2", { text: "anna's" }, { text: "hers" }, "custom");
    manager.detectConflict("i3", { tags: ["anna's"] }, { tags: ["hers"] }, "custom");
    manager.resolveConflict("nobody", "client");
    await window.stage.until(() => renders.at(-1) === "mine,hers 1");
    const found: unknown[] = [];
    tabweave.connectivity.subscribe(() => found.push(manager.getActiveConflicts().length));
    tabweave.setIdentity("bob");
    const after = {
      ...{ state: manager.getState(), resolved: manager.getResolvedConflicts(), log: manager.getAuditLog() },
      ...{ isTaken: manager.resolveConflict(handle.id, "client"), known: manager.getConflict(handle.id) },
      // What Anna's page and the server held is no base of Bob's.
      detected: manager.detectConflict("i1", { _id: "s", text: "bob's" }, secret, "custom").autoResolved,
    };
    await window.stage.until(() => renders.at(-1) !== "mine,hers 1");
    tabweave.setIdentity("anna");
    await window.stage.until(() => manager.getConflict(handle.id));
    const back = manager.getActiveConflicts().map(({ clientState }) => clientState.text);
    return { found: found[0], after, rendered: renders.at(-1), back };
  });
  expect(seen).toMatchObject({
    found: 0,
    after: {
      state: { activeConflicts: [], stats: { total: 0 } },
      resolved: [],
      log: [],
      isTaken: false,
      detected: false,
    },
    // What waits in Anna's store is there when she is back.
    back: ["mine"],
  });
  expect(seen.after.known).toBeUndefined();
});

test("a page with two clients has to say which one it means", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { parked, connectConflictResolution, conflictResolutionManager: manager } = window.resolution;
    const { tabweave, handle } = await parked(undefined, { namespace: "one" });
    window.stage.client({ namespace: "two" });
    const unsaid = manager.getActiveConflicts().length;
    const disconnect = connectConflictResolution(tabweave);
    const said = manager.getActiveConflicts().map(({ id }) => id === handle.id);
    disconnect();
    return { unsaid, said, after: manager.getActiveConflicts().length };
  });
  expect(seen).toEqual({ unsaid: 0, said: [true], after: 0 });
});

test("what is detected before the engine is there is merged when it is", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { conflictResolutionManager: manager } = window.resolution;
    const { autoResolved } = manager.detectConflict("i1", { tags: [1] }, { tags: [2] }, "custom");
    await new Promise<void>((resolve) => {
      const stop = manager.subscribe(() => {
        stop();
        resolve();
      });
    });
    return {
      autoResolved,
      resolved: manager.getResolvedConflicts().map(({ resolution }) => resolution?.mergedState),
    };
  });
  expect(seen).toEqual({ autoResolved: false, resolved: [{ tags: [1, 2] }] });
});
