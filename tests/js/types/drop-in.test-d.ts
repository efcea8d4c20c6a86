import type { Edit, Operation } from "tabweave";
import type * as conflictResolution from "tabweave/live-interaction/conflictResolution";
import type {
  Conflict,
  ConflictDetectionResult,
  ConflictResolution,
  MergeStrategy,
} from "tabweave/live-interaction/conflictResolution";
import type * as errorRecovery from "tabweave/live-interaction/errorRecovery";
import type {
  ErrorClassification,
  ErrorRecoveryState,
  OfflineAction,
  RetryConfig,
} from "tabweave/live-interaction/errorRecovery";
import { expectTypeOf, test } from "vitest";
import type manifest from "../../../pkg/package.json";
// Compiled with the tests: a member that is missing or of another shape fails there.
import type { ConflictPanel, compare } from "../drop-in/ConflictPanel.jsx";
import type { ErrorBanner } from "../drop-in/ErrorBanner.jsx";
import type { CheckedModule, Members, ModuleName, Values } from "../drop-in/names.js";
import type { OfflineActions, watchErrors } from "../drop-in/OfflineActions.jsx";

/** The modules of `tabweave/live-interaction` that the package exports. */
type Exported = keyof typeof manifest.exports extends infer Path
  ? Path extends `./live-interaction/${infer Name}`
    ? Name
    : never
  : never;

test("every module that exists is held to its names, and no other", () => {
  // When a module appears, put its name into CHECKED, and its shapes into a test beside those below.
  expectTypeOf<Exported>().toEqualTypeOf<CheckedModule>();
  expectTypeOf<Extract<Exported, Exclude<ModuleName, CheckedModule>>>().toBeNever();
});

type Recovery = typeof errorRecovery;
type Of = "errorRecovery";

test("errorRecovery exports every value", () => {
  expectTypeOf<Exclude<Values<Of>, keyof Recovery>>().toBeNever();
  expectTypeOf<keyof Recovery["ErrorType"]>().toEqualTypeOf<Members<Of, "ErrorType">>();
  expectTypeOf<keyof Recovery["ErrorSeverity"]>().toEqualTypeOf<Members<Of, "ErrorSeverity">>();
  expectTypeOf<
    Exclude<Members<Of, "offlineActionQueue">, keyof Recovery["offlineActionQueue"]>
  >().toBeNever();
  expectTypeOf<
    Exclude<Members<Of, "errorRecoveryManager">, keyof Recovery["errorRecoveryManager"]>
  >().toBeNever();
  expectTypeOf<Recovery["errorRecoveryManager"]>().toEqualTypeOf<
    InstanceType<Recovery["ErrorRecoveryManager"]>
  >();
  type Hook = ReturnType<Recovery["useErrorRecovery"]>;
  expectTypeOf<keyof Hook>().toEqualTypeOf<Members<Of, "useErrorRecovery">>();
});

test("errorRecovery's types have every member, of the type that apps use", () => {
  expectTypeOf<keyof ErrorClassification>().toEqualTypeOf<Members<Of, "ErrorClassification">>();
  expectTypeOf<keyof RetryConfig>().toEqualTypeOf<Members<Of, "RetryConfig">>();
  expectTypeOf<keyof OfflineAction>().toEqualTypeOf<Members<Of, "OfflineAction">>();
  expectTypeOf<keyof ErrorRecoveryState>().toEqualTypeOf<Members<Of, "ErrorRecoveryState">>();
  expectTypeOf<OfflineAction["priority"]>().toEqualTypeOf<"low" | "medium" | "high" | "critical">();
  expectTypeOf<ErrorRecoveryState["syncStatus"]>().toEqualTypeOf<"synced" | "syncing" | "error">();
  expectTypeOf<OfflineAction["data"]>().toBeAny();
  expectTypeOf<ErrorClassification["originalError"]>().toBeAny();
});

test("errorRecovery's functions take and give what they did", () => {
  type Queue = Recovery["offlineActionQueue"];
  expectTypeOf<ReturnType<Queue["addAction"]>>().toEqualTypeOf<string>();
  expectTypeOf<ReturnType<Queue["removeAction"]>>().toEqualTypeOf<boolean>();
  expectTypeOf<ReturnType<Queue["getActions"]>>().toEqualTypeOf<OfflineAction[]>();
  expectTypeOf<Parameters<Queue["addAction"]>[0]["data"]>().toEqualTypeOf<unknown>();
  type Manager = Recovery["errorRecoveryManager"];
  expectTypeOf<ReturnType<Manager["handleError"]>>().resolves.toEqualTypeOf<ErrorClassification>();
  expectTypeOf<ReturnType<Manager["addOfflineAction"]>>().toEqualTypeOf<string>();
  expectTypeOf<ReturnType<Manager["getPendingOperationsCount"]>>().toEqualTypeOf<number>();
  expectTypeOf<ReturnType<Recovery["calculateBackoffDelay"]>>().toEqualTypeOf<number>();
  expectTypeOf<ReturnType<Recovery["classifyError"]>>().toEqualTypeOf<ErrorClassification>();
});

interface Note {
  readonly id: string;
  readonly text: string;
}

type Resolution = typeof conflictResolution;
type In = "conflictResolution";

test("conflictResolution exports every value", () => {
  expectTypeOf<Exclude<Values<In>, keyof Resolution>>().toBeNever();
  expectTypeOf<keyof Resolution["ConflictType"]>().toEqualTypeOf<Members<In, "ConflictType">>();
  expectTypeOf<keyof Resolution["ConflictSeverity"]>().toEqualTypeOf<Members<In, "ConflictSeverity">>();
  type Manager = Resolution["conflictResolutionManager"];
  expectTypeOf<Exclude<Members<In, "conflictResolutionManager">, keyof Manager>>().toBeNever();
  expectTypeOf<Manager>().toEqualTypeOf<InstanceType<Resolution["ConflictResolutionManager"]>>();
  type Hook = ReturnType<Resolution["useConflictResolution"]>;
  expectTypeOf<keyof Hook>().toEqualTypeOf<Members<In, "useConflictResolution">>();
});

test("conflictResolution's types have every member, of the type that apps use", () => {
  expectTypeOf<keyof Conflict>().toEqualTypeOf<Members<In, "Conflict">>();
  expectTypeOf<keyof ConflictResolution>().toEqualTypeOf<Members<In, "ConflictResolution">>();
  expectTypeOf<keyof MergeStrategy>().toEqualTypeOf<Members<In, "MergeStrategy">>();
  expectTypeOf<keyof ConflictDetectionResult>().toEqualTypeOf<Members<In, "ConflictDetectionResult">>();
  expectTypeOf<ConflictResolution["method"]>().toEqualTypeOf<"server" | "client" | "merge" | "manual">();
  expectTypeOf<Conflict["severity"]>().toEqualTypeOf<"low" | "medium" | "high" | "critical">();
  expectTypeOf<Conflict["serverState"]>().toBeAny();
  expectTypeOf<Conflict["clientState"]>().toBeAny();
  expectTypeOf<ConflictResolution["mergedState"]>().toBeAny();
  expectTypeOf<Parameters<MergeStrategy["merge"]>[0]>().toBeAny();
  expectTypeOf<ReturnType<MergeStrategy["merge"]>>().toEqualTypeOf<unknown>();
});

test("conflictResolution's functions take and give what they did", () => {
  type Manager = Resolution["conflictResolutionManager"];
  type Detected = Parameters<Manager["detectConflict"]>;
  expectTypeOf<[Detected[0], Detected[1], Detected[2]]>().toEqualTypeOf<[string, unknown, unknown]>();
  expectTypeOf<ReturnType<Manager["detectConflict"]>>().toEqualTypeOf<ConflictDetectionResult>();
  expectTypeOf<ReturnType<Manager["resolveConflict"]>>().toEqualTypeOf<boolean>();
  // The word of the document that the module comes from, and that of the apps.
  expectTypeOf<"local" | ConflictResolution["method"]>().toEqualTypeOf<
    Parameters<Manager["resolveConflict"]>[1]
  >();
  expectTypeOf<ReturnType<Manager["getConflict"]>>().toEqualTypeOf<Conflict | undefined>();
  expectTypeOf<ReturnType<Manager["getActiveConflicts"]>>().toEqualTypeOf<Conflict[]>();
  expectTypeOf<ReturnType<Manager["getResolvedConflicts"]>>().toEqualTypeOf<Conflict[]>();
  type Entry = ReturnType<Manager["getAuditLog"]>[number];
  expectTypeOf<keyof Entry>().toEqualTypeOf<"timestamp" | "action" | "details">();
  expectTypeOf<Entry["details"]>().toBeAny();
  type Stats = ReturnType<Manager["getConflictStats"]>;
  expectTypeOf<keyof Stats>().toEqualTypeOf<"total" | "resolved" | "active" | "byType" | "bySeverity">();
  type Create = Resolution["createStatusConflict"];
  expectTypeOf<Parameters<Create>>().toEqualTypeOf<
    [interactionId: string, serverState: unknown, clientState: unknown]
  >();
  expectTypeOf<ReturnType<Create>>().toEqualTypeOf<ConflictDetectionResult>();
});

test("what is connected is called with its own arguments", () => {
  type Manager = Resolution["conflictResolutionManager"];
  const check = (
    manager: Manager,
    operation: Operation<{ id: string }, string>,
    edit: Edit<Note, void, null>,
  ) => {
    manager.registerOperation("custom", edit);
    manager.registerOperation("custom", edit, (state, { interactionId }) => ({
      id: interactionId,
      next: state,
    }));
    manager.registerOperation("custom", operation, (_, { interactionId }) => ({ id: interactionId }));
    // @ts-expect-error of an operation nobody knows the arguments
    manager.registerOperation("custom", operation);
    // @ts-expect-error other arguments
    manager.registerOperation("custom", operation, () => ({ id: 1 }));
    // @ts-expect-error no such type
    manager.registerOperation("other", edit);
  };
  expectTypeOf(check).returns.toEqualTypeOf<void>();
});

test("components of apps compile", () => {
  expectTypeOf<Parameters<typeof ErrorBanner>[0]["error"]>().toEqualTypeOf<Error | null>();
  expectTypeOf<Parameters<typeof OfflineActions>[0]["refresh"]>().returns.resolves.toEqualTypeOf<string[]>();
  expectTypeOf<ReturnType<typeof watchErrors>>().toEqualTypeOf<() => void>();
  expectTypeOf<Parameters<typeof ConflictPanel>[0]["userId"]>().toEqualTypeOf<string>();
  expectTypeOf<ReturnType<typeof compare>>().toEqualTypeOf<Conflict[]>();
});
