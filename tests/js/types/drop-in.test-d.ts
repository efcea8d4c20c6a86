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

test("components of apps compile", () => {
  expectTypeOf<Parameters<typeof ErrorBanner>[0]["error"]>().toEqualTypeOf<Error | null>();
  expectTypeOf<Parameters<typeof OfflineActions>[0]["refresh"]>().returns.resolves.toEqualTypeOf<string[]>();
  expectTypeOf<ReturnType<typeof watchErrors>>().toEqualTypeOf<() => void>();
});
