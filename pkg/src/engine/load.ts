import type { AuditCheck } from "../audit/verify.js";
import type { Session } from "../client/session.js";
import { TabweaveError } from "../errors/error.js";
import type { WasmInput } from "../init.js";
import type { PolicyParts } from "../merge/policy.js";
import type { Merged, Sides } from "../merge/types.js";
import type { CompiledPolicyClass, EngineClass } from "./binding.js";
import type { LivingEngine } from "./living.js";
import type { Merging } from "./merging.js";

/** The glue that wasm-bindgen makes. */
interface Glue {
  default(options: { module_or_path: WasmInput }): Promise<unknown>;
  readonly TabweaveEngine: EngineClass;
  readonly CompiledPolicy: CompiledPolicyClass;
  readonly verifyAudit: AuditCheck;
  spellValues(spell: (value: unknown) => Uint8Array[]): void;
}

/** The loaded engine: makes one for a session. */
export type LoadedEngine = (session: Session) => LivingEngine;

let loading: Promise<LoadedEngine> | undefined;
let merging: Merging | undefined;
let check: AuditCheck | undefined;

/** What merges documents; undefined as long as the engine is not loaded. */
export function loadedMerging(): Merging | undefined {
  return merging;
}

/** What comes of three stored versions; undefined: nothing, for there is no engine, or they hold what cannot be merged. */
export function mergedIfPossible(...given: Parameters<Merging["merge"]>): Merged | undefined {
  try {
    return merging?.merge(...given);
  } catch {
    // What a server, or another build, has stored.
    return undefined;
  }
}

/** What reads a chain of the audit trail; undefined as long as the engine is not loaded. */
export function loadedCheck(): AuditCheck | undefined {
  return check;
}

/** What is shown of an edit over what the server holds; undefined as long as there is no engine to merge. */
export function mergedForDisplay(sides: Sides, policy: PolicyParts | undefined, localMs: number): unknown {
  return merging?.merge(sides, policy, { localMs, showsLocal: true }).value;
}

/** Loads the engine once for the whole page; after a failure the next call tries again. */
export function loadEngine(wasm: WasmInput | undefined): Promise<LoadedEngine> {
  loading ??= load(wasm).catch((cause: unknown) => {
    loading = undefined;
    throw new TabweaveError("wasm_unavailable", { cause });
  });
  return loading;
}

async function load(wasm: WasmInput | undefined): Promise<LoadedEngine> {
  const [glue, { LivingEngine: Living }, { Merging: MergingByEngine }, { canonicalChunks }, input] =
    await Promise.all([
      import("../../wasm/tabweave.js") as unknown as Promise<Glue>,
      import("./living.js"),
      import("./merging.js"),
      import("../audit/canonical.js"),
      wasm ?? import("./inline.js").then(({ inlineWasm }) => inlineWasm()),
    ]);
  await glue.default({ module_or_path: input });
  glue.spellValues(canonicalChunks);
  check = glue.verifyAudit;
  merging = new MergingByEngine(glue.CompiledPolicy);
  return (session) => new Living(glue.TabweaveEngine, session);
}
