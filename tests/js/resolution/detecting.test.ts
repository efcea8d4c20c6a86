import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { init } from "../../../pkg/src/init.js";
import {
  ConflictResolutionManager,
  ConflictType,
  conflictResolutionManager,
  createStatusConflict,
} from "../../../pkg/src/live-interaction/conflictResolution/index.js";

const made = () => new ConflictResolutionManager({ keepsOnServer: true });
const { ACTION_RESOLUTION, CUSTOM, INITIATIVE_CHANGE, PARTICIPANT_ADD, PARTICIPANT_REMOVE, STATUS_UPDATE } =
  ConflictType;

describe("before the engine is loaded", () => {
  test("states are compared and decided all the same", () => {
    const manager = made();
    const { conflicts, autoResolved } = manager.detectConflict("i1", { a: [1] }, { a: [2] }, CUSTOM);
    const { id = "" } = conflicts[0] ?? {};
    expect([autoResolved, manager.resolveConflict(id, "merge")]).toEqual([false, false]);
    expect(manager.getAuditLog().at(-1)).toMatchObject({
      action: "resolution_refused",
      details: { conflictId: id, why: "engine_not_loaded" },
    });
    expect(manager.resolveConflict(id, "client")).toBe(true);
  });

  test("what was detected can be merged once the engine is there", async () => {
    const manager = made();
    const told = ["i1", { a: [1] }, { a: [2] }, CUSTOM] as const;
    const first = manager.detectConflict(...told);
    await load();
    const second = manager.detectConflict(...told);
    expect([first.autoResolved, second.autoResolved]).toEqual([false, true]);
    expect(second.conflicts[0]?.id).toBe(first.conflicts[0]?.id);
    expect(manager.getActiveConflicts()).toEqual([]);
  });
});

async function load(): Promise<void> {
  await init({ wasm: await readFile(new URL("../../../pkg/wasm/tabweave_bg.wasm", import.meta.url)) });
}

describe("with the engine", () => {
  beforeAll(load);

  test("states that are the same are no conflict", () => {
    const manager = made();
    expect(manager.detectConflict("i1", { a: 1, b: undefined }, { a: 1 }, CUSTOM)).toEqual({
      hasConflict: false,
      conflicts: [],
      autoResolved: false,
      requiresManualResolution: false,
    });
    expect(manager.getConflictStats()).toMatchObject({ total: 0 });
  });

  test("a conflict has the server's state first, and says what it is about", () => {
    const manager = made();
    const before = Date.now();
    const result = manager.detectConflict("i1", { hp: 3 }, { hp: 5 }, CUSTOM);
    const [conflict] = result.conflicts;
    expect(result).toMatchObject({ hasConflict: true, autoResolved: false, requiresManualResolution: true });
    expect(conflict).toEqual({
      id: expect.any(String),
      type: "custom",
      severity: "medium",
      interactionId: "i1",
      serverState: { hp: 3 },
      clientState: { hp: 5 },
      timestamp: expect.any(Number),
      description: "The same thing is not the same here and on the server (hp).",
      autoResolvable: false,
      resolved: false,
    });
    expect(conflict?.timestamp).toBeGreaterThanOrEqual(before);
    expect(manager.getConflict(conflict?.id ?? "")).toBe(conflict);
  });

  test.each<[string, unknown, unknown, unknown, ConflictType]>([
    ["the later moment", { updatedAt: 5 }, { updatedAt: 9 }, { updatedAt: 9 }, CUSTOM],
    ["what is in either list", { tags: ["a", "b"] }, { tags: ["b", "c"] }, { tags: ["a", "b", "c"] }, CUSTOM],
    ["a status that is not null", { status: null }, { status: "live" }, { status: "live" }, STATUS_UPDATE],
    ["a status that is not null, told without an object", null, "live", "live", STATUS_UPDATE],
    [
      "the status of the later state",
      { status: "paused", lastActivity: 1 },
      { status: "live", lastActivity: 2 },
      { status: "live", lastActivity: 2 },
      STATUS_UPDATE,
    ],
    ["objects field by field", { a: { x: 1 } }, { a: { y: 2 } }, { a: { x: 1, y: 2 } }, CUSTOM],
    ["a participant that one side has added", undefined, { _id: "p" }, { _id: "p" }, PARTICIPANT_ADD],
    ["participants that both have added", [{ id: 1 }], [{ id: 2 }], [{ id: 1 }, { id: 2 }], PARTICIPANT_ADD],
    ["turns that both have added", [{ id: 1 }, { id: 2 }], [{ id: 1 }, { id: 3 }], 3, INITIATIVE_CHANGE],
  ])("the rules keep %s", (_, server, client, merged, type) => {
    const manager = made();
    const { conflicts, autoResolved, requiresManualResolution } = manager.detectConflict(
      "i1",
      server,
      client,
      type,
    );
    const { mergedState, method, notes } = conflicts[0]?.resolution ?? {};
    expect([autoResolved, requiresManualResolution, method, notes]).toEqual([
      true,
      false,
      "merge",
      "Merged by tabweave.",
    ]);
    expect(typeof merged === "number" ? mergedState.length : mergedState).toEqual(merged);
    expect(conflicts[0]).toMatchObject({ severity: "low", autoResolvable: true, resolved: true });
    expect(manager.getResolvedConflicts()).toEqual(conflicts);
  });

  test.each<[string, unknown, unknown, ConflictType, string]>([
    ["two statuses, of which nobody knows the later one", "paused", "live", STATUS_UPDATE, "medium"],
    ["the order of turns", [{ id: 1 }, { id: 2 }], [{ id: 2 }, { id: 1 }], INITIATIVE_CHANGE, "high"],
    ["what came of an action", { hit: 1 }, { hit: 2 }, ACTION_RESOLUTION, "high"],
    ["what one side has removed", null, { _id: "p", hp: 1 }, PARTICIPANT_REMOVE, "critical"],
  ])("a person has to decide about %s", (_, server, client, type, severity) => {
    const manager = made();
    const { conflicts, requiresManualResolution } = manager.detectConflict("i1", server, client, type);
    expect(requiresManualResolution).toBe(true);
    expect(conflicts[0]).toMatchObject({ severity, autoResolvable: false, resolved: false });
  });

  test("what both held before tells who has changed it since", () => {
    const manager = made();
    const before = { _id: "n", status: "idle", hp: 3, tags: ["a", "b"] };
    manager.detectConflict("i1", before, before, CUSTOM);
    const server = { ...before, hp: 2, tags: ["a"] };
    const client = { ...before, status: "live" };
    const { conflicts } = manager.detectConflict("i1", server, client, CUSTOM);
    expect(conflicts[0]?.resolution?.mergedState).toEqual({ _id: "n", status: "live", hp: 2, tags: ["a"] });
  });

  test("what the app goes on changing is not what both held", () => {
    const manager = made();
    const state = { status: "idle" };
    manager.detectConflict("i1", state, state, STATUS_UPDATE);
    state.status = "live";
    const { conflicts } = manager.detectConflict("i1", { status: "idle" }, state, STATUS_UPDATE);
    expect(conflicts[0]?.resolution?.mergedState).toEqual({ status: "live" });
    const other = manager.detectConflict("i2", { status: "paused" }, state, STATUS_UPDATE);
    expect(other.autoResolved).toBe(false);
  });

  test("things that cannot be told apart have nothing that both held", () => {
    const manager = made();
    manager.detectConflict("i1", { hp: 3 }, { hp: 3 }, CUSTOM);
    expect(manager.detectConflict("i1", { hp: 2 }, { hp: 3 }, CUSTOM).autoResolved).toBe(false);
  });

  test("the same two states are the same conflict, also when it was resolved, until other ones are told", () => {
    const manager = made();
    const detect = (server: string, client: string) =>
      manager.detectConflict("i1", { status: server }, { status: client }, STATUS_UPDATE);
    const [first] = detect("paused", "live").conflicts;
    expect(detect("paused", "live").conflicts[0]).toBe(first);
    manager.resolveConflict(first?.id ?? "", "server");
    const again = detect("paused", "live");
    expect(again).toMatchObject({ autoResolved: true, conflicts: [{ id: first?.id }] });
    expect(manager.getConflictStats()).toMatchObject({ total: 1, active: 0, resolved: 1 });
    // Both came to hold the same, and then differ anew: the server has not moved since, and this person has.
    detect("paused", "paused");
    expect(detect("paused", "live").conflicts[0]?.id).not.toBe(first?.id);
    // Something else in between, and nobody knows who came first.
    const [other] = detect("over", "live").conflicts;
    manager.resolveConflict(other?.id ?? "", "client");
    expect(detect("ready", "live").conflicts[0]?.id).not.toBe(other?.id);
    expect(detect("over", "live").conflicts[0]).toMatchObject({ resolved: false });
  });

  test("what was taken and is on its way to the server is no new conflict", () => {
    const manager = made();
    const [conflict] = manager.detectConflict("i1", { _id: "n", a: 1 }, { _id: "n", a: 2 }, CUSTOM).conflicts;
    manager.resolveConflict(conflict?.id ?? "", "manual", undefined, undefined, { _id: "n", a: 3 });
    const { conflicts } = manager.detectConflict("i1", { _id: "n", a: 1 }, { _id: "n", a: 3 }, CUSTOM);
    expect(conflicts).toMatchObject([{ id: conflict?.id, resolved: true }]);
  });

  test("newer states of what waits are the same conflict, and states of something else are not", () => {
    const manager = made();
    const detect = (server: object, client: object) =>
      manager.detectConflict("i1", server, client, CUSTOM).conflicts[0];
    const first = detect({ hp: 1 }, { hp: 2 });
    const newer = detect({ hp: 3 }, { hp: 2 });
    const other = detect({ hp: 7 }, { hp: 8 });
    expect(newer).toMatchObject({ id: first?.id, serverState: { hp: 3 }, timestamp: first?.timestamp });
    expect(manager.getActiveConflicts()).toEqual([newer, other]);
    expect(manager.getAuditLog().map(({ action }) => action)).toEqual([
      "conflict_detected",
      "conflict_updated",
      "conflict_detected",
    ]);
  });

  test("of two words that are the same nobody can tell that they are of one thing", () => {
    const manager = made();
    manager.detectConflict("i1", 5, 6, CUSTOM);
    manager.detectConflict("i1", 5, 7, CUSTOM);
    expect(manager.getActiveConflicts().map(({ clientState }) => clientState)).toEqual([6, 7]);
  });

  test.each([
    ["client", { hp: 2 }],
    ["server", { hp: 1 }],
  ])("a conflict ends by itself when both have come to hold the %s's state", (method, state) => {
    const manager = made();
    const [conflict] = manager.detectConflict("i1", { hp: 1 }, { hp: 2 }, CUSTOM).conflicts;
    manager.detectConflict("i1", state, state, CUSTOM);
    expect(manager.getActiveConflicts()).toEqual([]);
    expect(manager.getConflict(conflict?.id ?? "")).toMatchObject({
      resolved: true,
      resolution: { method, mergedState: state },
    });
  });

  test("states that cannot be merged wait for a person, and it is told why", () => {
    const manager = made();
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    for (const client of [cyclic, { act: () => 1 }]) {
      const { conflicts } = manager.detectConflict("i1", { act: 1 }, client, CUSTOM);
      expect(conflicts[0]).toMatchObject({ autoResolvable: false, resolved: false });
      expect(manager.getAuditLog().at(-1)).toMatchObject({
        action: "merge_failed",
        details: { conflictId: conflicts[0]?.id, why: "args_not_cloneable" },
      });
      expect(manager.resolveConflict(conflicts[0]?.id ?? "", "merge")).toBe(false);
      expect(manager.resolveConflict(conflicts[0]?.id ?? "", "client")).toBe(true);
    }
  });

  test.each([
    ["conflictType", ["i1", 1, 2, "nothing"]],
    ["interactionId", [7, 1, 2, "custom"]],
  ])("%s that cannot be is refused", (name, args) => {
    expect(() => made().detectConflict(...(args as [string, 1, 2, "custom"]))).toThrowError(
      expect.objectContaining({ code: "invalid_option", message: expect.stringContaining(name) }),
    );
  });

  test("conflicts are listed by their interaction and counted by type and severity", () => {
    const manager = made();
    manager.detectConflict("i1", { hp: 1 }, { hp: 2 }, CUSTOM);
    manager.detectConflict("i2", "paused", "live", STATUS_UPDATE);
    manager.detectConflict("i2", { tags: [1] }, { tags: [2] }, CUSTOM);
    const ids = (conflicts: { interactionId: string }[]) =>
      conflicts.map(({ interactionId }) => interactionId);
    expect(ids(manager.getActiveConflicts())).toEqual(["i1", "i2"]);
    expect(ids(manager.getActiveConflicts("i2"))).toEqual(["i2"]);
    expect(ids(manager.getResolvedConflicts("i2"))).toEqual(["i2"]);
    expect(manager.getResolvedConflicts("i1")).toEqual([]);
    expect(manager.getConflictStats()).toEqual({
      total: 3,
      active: 2,
      resolved: 1,
      byType: {
        ...{ status_update: 1, initiative_change: 0, participant_add: 0, participant_remove: 0 },
        ...{ action_submission: 0, action_resolution: 0, custom: 2 },
      },
      bySeverity: { low: 1, medium: 2, high: 0, critical: 0 },
    });
    manager.clearResolvedConflicts();
    expect(manager.getConflictStats()).toMatchObject({ total: 2, resolved: 0 });
  });

  test("no more is kept than may be", () => {
    const manager = made();
    for (let hp = 0; hp < 250; hp += 1)
      manager.detectConflict("i1", { a: { hp } }, { a: { hp: -hp - 1 } }, CUSTOM);
    const active = manager.getActiveConflicts();
    expect([active.length, active[0]?.serverState]).toEqual([200, { a: { hp: 50 } }]);
    expect(manager.getAuditLog().filter(({ action }) => action === "conflict_dropped")).toHaveLength(50);
    for (const { id } of active) manager.resolveConflict(id, "server");
    for (let hp = 0; hp < 500; hp += 1) manager.detectConflict("i2", { a: [hp] }, { a: [-hp - 1] }, CUSTOM);
    expect([manager.getResolvedConflicts().length, manager.getAuditLog(5000).length]).toEqual([200, 1000]);
    expect([manager.getAuditLog().length, manager.getAuditLog(3).length, manager.getAuditLog(0)]).toEqual([
      100,
      3,
      [],
    ]);
  });

  test("whoever listens is told when something changed, and only then", () => {
    const manager = made();
    let told = 0;
    const stop = manager.subscribe(() => (told += 1));
    const before = manager.getState();
    manager.detectConflict("i1", 1, 1, CUSTOM);
    expect([told, manager.getState()]).toEqual([0, before]);
    manager.detectConflict("i1", 1, 2, CUSTOM);
    const after = manager.getState();
    expect([told, manager.getState() === after, after === before]).toEqual([1, true, false]);
    stop();
    manager.detectConflict("i1", 3, 4, CUSTOM);
    expect(told).toBe(1);
  });

  test("where there is no document nothing is kept for the next one who comes", () => {
    const { hasConflict, conflicts } = createStatusConflict("i1", "paused", "live");
    expect([hasConflict, conflicts[0]?.serverState]).toEqual([true, "paused"]);
    expect(conflictResolutionManager.getState()).toMatchObject({ activeConflicts: [], stats: { total: 0 } });
    expect(conflictResolutionManager.getAuditLog()).toEqual([]);
  });
});
