import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { collection } from "../../../pkg/src/definition/collection.js";
import { defineEdit } from "../../../pkg/src/definition/edit.js";
import { defineOperation } from "../../../pkg/src/definition/operation.js";
import { init } from "../../../pkg/src/init.js";
import {
  ConflictResolutionManager,
  ConflictType,
  type MergeStrategy,
} from "../../../pkg/src/live-interaction/conflictResolution/index.js";

const { CUSTOM, STATUS_UPDATE } = ConflictType;

beforeAll(async () => {
  await init({ wasm: await readFile(new URL("../../../pkg/wasm/tabweave_bg.wasm", import.meta.url)) });
});

/** A manager in which this is in conflict, and its id. */
function waiting(server: unknown, client: unknown): { manager: ConflictResolutionManager; id: string } {
  const manager = new ConflictResolutionManager({ keepsOnServer: true });
  const { conflicts } = manager.detectConflict("i1", server, client, CUSTOM);
  return { manager, id: conflicts[0]?.id ?? "" };
}

const server = { hp: 1, tags: ["s"] };
const client = { hp: 2, tags: ["c"] };
const given = { hp: 9 };

test.each([
  ["server", undefined, "server", server],
  ["client", undefined, "client", client],
  ["local", undefined, "client", client],
  ["merge", undefined, "merge", { hp: 1, tags: ["s", "c"] }],
  ["merge", given, "merge", given],
  ["manual", given, "manual", given],
] as const)("%s with %o takes the state that it says", (method, state, recorded, mergedState) => {
  const { manager, id } = waiting(server, client);
  const before = Date.now();
  expect(manager.resolveConflict(id, method, "anna", "as we said", state)).toBe(true);
  const conflict = manager.getConflict(id);
  expect(conflict).toMatchObject({ resolved: true });
  expect(conflict?.resolution).toEqual({
    method: recorded,
    timestamp: expect.any(Number),
    userId: "anna",
    notes: "as we said",
    mergedState,
  });
  expect(conflict?.resolution?.timestamp).toBeGreaterThanOrEqual(before);
  expect(manager.getActiveConflicts()).toEqual([]);
  expect(manager.getAuditLog(1)).toMatchObject([
    {
      action: "conflict_resolved",
      details: {
        conflictId: id,
        interactionId: "i1",
        type: "custom",
        method: recorded,
        effect: method === "server" ? "none needed" : "unconnected",
        asServer: method === "merge" && state === undefined ? ["hp"] : undefined,
        userId: "anna",
        notes: "as we said",
      },
    },
  ]);
});

test.each([
  ["manual", server, client, "invalid_option"],
  ["merge", { hp: 1 }, { hp: 2 }, "conflict"],
] as const)("%s of nothing is refused, and the conflict waits on", (method, server, client, why) => {
  const { manager, id } = waiting(server, client);
  expect(manager.resolveConflict(id, method)).toBe(false);
  expect(manager.getConflict(id)).toMatchObject({ resolved: false });
  expect(manager.getAuditLog(1)).toMatchObject([
    { action: "resolution_refused", details: { conflictId: id, method, why } },
  ]);
});

test("what is not known, or was resolved, cannot be resolved", () => {
  const { manager, id } = waiting(server, client);
  manager.resolveConflict(id, "server");
  expect([manager.resolveConflict(id, "client"), manager.resolveConflict("nobody", "client")]).toEqual([
    false,
    false,
  ]);
  expect(manager.getConflict(id)).toMatchObject({ resolution: { method: "server" } });
  expect(manager.getConflict("nobody")).toBeUndefined();
  expect(() => manager.resolveConflict(id, "toss" as "merge")).toThrowError(
    expect.objectContaining({ code: "invalid_option" }),
  );
});

/** A strategy of this priority that says in a field which one it was. */
const strategy = (name: string, priority: number, more: Partial<MergeStrategy> = {}): MergeStrategy => ({
  name,
  description: "",
  priority,
  canMerge: () => true,
  merge: (server, client) => ({ hp: Math.max(server.hp, client.hp), by: name }),
  ...more,
});

const boom = () => {
  throw new Error("boom");
};

test.each<[string, MergeStrategy[], string]>([
  ["the highest priority counts", [strategy("a", 1), strategy("b", 5), strategy("c", 3)], "b"],
  ["of two alike the first", [strategy("a", 1), strategy("b", 1)], "a"],
  [
    "one that cannot merge is passed over",
    [strategy("a", 1), strategy("b", 5, { canMerge: () => false })],
    "a",
  ],
  ["one that makes nothing is passed over", [strategy("a", 1), strategy("b", 5, { merge: () => {} })], "a"],
  ["one whose canMerge throws is passed over", [strategy("a", 1), strategy("b", 5, { canMerge: boom })], "a"],
  ["one that throws is passed over", [strategy("a", 1), strategy("b", 5, { merge: boom })], "a"],
  ["the last one of a name counts", [strategy("a", 1, { merge: boom }), strategy("a", 2)], "a"],
])("of strategies %s", (_, strategies, by) => {
  const manager = new ConflictResolutionManager({ keepsOnServer: true });
  for (const one of strategies) manager.registerMergeStrategy(CUSTOM, one);
  const { autoResolved, conflicts } = manager.detectConflict("i1", { hp: 1 }, { hp: 2 }, CUSTOM);
  expect([autoResolved, conflicts[0]?.resolution]).toMatchObject([
    true,
    { method: "merge", notes: `Merged by ${by}.`, mergedState: { hp: 2, by } },
  ]);
});

test("what a strategy throws is recorded, and the rules go on", () => {
  const manager = new ConflictResolutionManager({ keepsOnServer: true });
  manager.registerMergeStrategy(CUSTOM, strategy("a", 1, { merge: boom }));
  const { conflicts } = manager.detectConflict("i1", { tags: [1] }, { tags: [2] }, CUSTOM);
  expect(conflicts[0]?.resolution?.mergedState).toEqual({ tags: [1, 2] });
  expect(manager.getAuditLog().map(({ action, details }) => [action, details.strategy, details.why])).toEqual(
    [
      ["conflict_detected", undefined, undefined],
      ["strategy_failed", "a", "resolver_threw"],
      ["conflict_auto_resolved", undefined, undefined],
    ],
  );
});

test("a strategy may write into the states that it merges", () => {
  const manager = new ConflictResolutionManager({ keepsOnServer: true });
  manager.registerMergeStrategy(
    CUSTOM,
    strategy("a", 1, { merge: (server, client) => Object.assign(server, client) }),
  );
  const { conflicts } = manager.detectConflict("i1", { hp: 1 }, { hp: 2 }, CUSTOM);
  expect(conflicts).toMatchObject([{ serverState: { hp: 1 }, resolution: { mergedState: { hp: 2 } } }]);
  expect(manager.getAuditLog(1)[0]?.details.effect).toBe("unconnected");
});

test("what the app goes on changing is not what was decided", () => {
  const { manager, id } = waiting(server, client);
  const state = { hp: 9 };
  manager.resolveConflict(id, "manual", undefined, undefined, state);
  state.hp = 10;
  expect(manager.getConflict(id)?.resolution?.mergedState).toEqual({ hp: 9 });
});

test("a strategy is asked for its type only, and for what waits already", () => {
  const { manager, id } = waiting({ hp: 1 }, { hp: 2 });
  manager.registerMergeStrategy(STATUS_UPDATE, strategy("other", 9));
  expect(manager.getConflict(id)).toMatchObject({ resolved: false });
  manager.registerMergeStrategy(CUSTOM, strategy("late", 0));
  expect(manager.getConflict(id)?.resolution).toMatchObject({ mergedState: { hp: 2, by: "late" } });
});

test("what is no strategy is refused", () => {
  const manager = new ConflictResolutionManager({ keepsOnServer: true });
  const refusal = expect.objectContaining({ code: "invalid_option" });
  expect(() => manager.registerMergeStrategy(CUSTOM, {} as MergeStrategy)).toThrowError(refusal);
  expect(() => manager.registerMergeStrategy("x" as "custom", strategy("a", 1))).toThrowError(refusal);
});

const notes = collection<{ id: string; hp: number }>("notes", { key: "id" });
const editNote = defineEdit("editNote", { document: notes, run: () => "done" });
const heal = defineOperation<{ hp: number }>("heal", { run: () => "done" });

test("what is connected and cannot be called refuses the resolution, until it is taken back", () => {
  const { manager, id } = waiting({ hp: 1 }, { hp: 2 });
  const disconnect = manager.registerOperation(CUSTOM, editNote);
  expect([manager.resolveConflict(id, "client"), manager.getAuditLog(1)[0]?.details.why]).toEqual([
    false,
    "client_missing",
  ]);
  // What the server holds need not be sent to it.
  expect(manager.resolveConflict(id, "manual", undefined, undefined, { hp: 1 })).toBe(true);
  const { conflicts } = manager.detectConflict("i2", { hp: 1 }, { hp: 2 }, CUSTOM);
  disconnect();
  expect(manager.resolveConflict(conflicts[0]?.id ?? "", "client")).toBe(true);
});

test("what is no operation, or one whose arguments nobody knows, is not connected", () => {
  const manager = new ConflictResolutionManager({ keepsOnServer: true });
  const refusal = expect.objectContaining({ code: "invalid_option" });
  expect(() => manager.registerOperation(CUSTOM, {} as typeof editNote)).toThrowError(refusal);
  expect(() => manager.registerOperation(CUSTOM, heal as unknown as typeof editNote)).toThrowError(refusal);
});
