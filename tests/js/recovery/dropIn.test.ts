import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import * as conflictResolution from "../../../pkg/src/live-interaction/conflictResolution/index.js";
import * as errorRecovery from "../../../pkg/src/live-interaction/errorRecovery/index.js";
import { CHECKED, type CheckedModule, NAMES } from "../drop-in/names.js";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const modules: Record<CheckedModule, Record<string, unknown>> = { conflictResolution, errorRecovery };

test("the modules that exist are those that are checked", async () => {
  const found = await readdir(at("../../../pkg/src/live-interaction"), { withFileTypes: true });
  const folders = found.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(folders.sort()).toEqual([...CHECKED].sort());
});

test.each(CHECKED.map((name) => [name]))("%s has every value when it runs", (name) => {
  const { values } = NAMES[name];
  expect(values.filter((value) => modules[name][value] === undefined)).toEqual([]);
});

/** The objects among them, and the members that each has to have. */
const { errorRecovery: recovery, conflictResolution: resolution } = NAMES;
const objects: [string, object, readonly string[]][] = [
  ["ErrorType", errorRecovery.ErrorType, recovery.members.ErrorType],
  ["ErrorSeverity", errorRecovery.ErrorSeverity, recovery.members.ErrorSeverity],
  ["offlineActionQueue", errorRecovery.offlineActionQueue, recovery.members.offlineActionQueue],
  ["errorRecoveryManager", errorRecovery.errorRecoveryManager, recovery.members.errorRecoveryManager],
  ["ConflictType", conflictResolution.ConflictType, resolution.members.ConflictType],
  ["ConflictSeverity", conflictResolution.ConflictSeverity, resolution.members.ConflictSeverity],
  [
    "conflictResolutionManager",
    conflictResolution.conflictResolutionManager,
    resolution.members.conflictResolutionManager,
  ],
];

test.each(objects)("%s is an object with every member", (_, value, members) => {
  expect(members.filter((member) => value[member as keyof typeof value] === undefined)).toEqual([]);
});

test("an app may say of which type its data is", async () => {
  const tsc = at("../../../node_modules/typescript/bin/tsc");
  const compiled = promisify(execFile)(process.execPath, [tsc, "-p", at("../register/tsconfig.json")]);
  await expect(compiled).resolves.toMatchObject({ stdout: "" });
}, 120_000);
