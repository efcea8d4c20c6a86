import { TabweaveError } from "../errors/error.js";
import { faultIn } from "../merge/faults.js";
import { type Culprit, Looking, TOO_LARGE } from "../merge/looking.js";
import { MISSING } from "../merge/missing.js";
import { Node } from "../merge/node.js";
import { pathText } from "../merge/path.js";
import { mergePolicy, POLICY, type PolicyParts } from "../merge/policy.js";
import { Settling, Unmergeable } from "../merge/settling.js";
import type { Merged, Sides } from "../merge/types.js";
import { RULES } from "../merge/verdicts.js";
import { MergeWalk } from "../merge/walk.js";
import type { CompiledPolicy, CompiledPolicyClass } from "./binding.js";

/** When the sides were changed, in milliseconds since 1970; left out: nobody knows. */
export interface MergeTimes {
  readonly localMs?: number | undefined;
  readonly serverMs?: number | undefined;
}

/** How a merge is made. */
interface MergeSetting extends MergeTimes {
  /** Whether this person's side is shown where nobody has decided. Default: the server's. */
  readonly showsLocal?: boolean;
}

/** A policy as the engine has it, with the names that it mentions. */
interface Compiled {
  readonly policy: CompiledPolicy;
  readonly names: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
}

/** What holds where the app has no policy. */
const withoutRules = mergePolicy()[POLICY];

/** Merges by the loaded engine. */
export class Merging {
  readonly #compiled = new WeakMap<PolicyParts, Compiled>();

  constructor(private readonly Policy: CompiledPolicyClass) {}

  /** @throws TabweaveError `args_not_cloneable` if a version holds what no document can hold */
  merge(sides: Sides, parts: PolicyParts = withoutRules, setting: MergeSetting = {}): Merged {
    let merged: Merged;
    try {
      merged = this.#merge(sides, parts, setting);
    } catch (error) {
      if (error !== TOO_LARGE) throw refusal(error, sides);
      merged = tooLarge(sides, setting);
    }
    // What holds itself has no end.
    const fault = merged.conflicts[0]?.why === "too_large" ? faultOf(sides) : undefined;
    if (fault) throw refusalOf(fault);
    return merged;
  }

  #merge(sides: Sides, parts: PolicyParts, setting: MergeSetting): Merged {
    const [base, local, server] = (["base", "local", "server"] as const).map((side) =>
      Object.hasOwn(sides, side) ? sides[side] : MISSING,
    );
    const looking = new Looking(parts.limits);
    const settling = new Settling(looking, undefined);
    const whole = settling.settle(base, local, server, -1, "");
    if (!(whole instanceof Node)) {
      return { value: whole === MISSING ? undefined : whole, decisions: [], conflicts: [] };
    }
    const { policy, names, numbers } = this.#compile(parts);
    const walk = new MergeWalk(new Node(base, local, server, 0), looking, parts, names, numbers);
    const { localMs = Number.NaN, serverMs = Number.NaN, showsLocal = false } = setting;
    policy.merge(walk, localMs, serverMs, showsLocal);
    return walk.merged;
  }

  #compile(parts: PolicyParts): Compiled {
    const known = this.#compiled.get(parts);
    if (known) return known;
    const { fallback, timestampKeys, statusKeys, rules, keys } = parts;
    const policy = new this.Policy(
      fallback === "latest",
      [...timestampKeys],
      [...statusKeys],
      rules.map(({ pattern }) => pattern),
      Uint32Array.from(rules.flatMap(({ rule, argument }) => [RULES.indexOf(rule), argument])),
      [...keys],
    );
    const names = policy.names();
    const compiled = { policy, names, numbers: new Map(names.map((name, number) => [name, number])) };
    this.#compiled.set(parts, compiled);
    return compiled;
  }
}

/** One conflict. */
function tooLarge(sides: Sides, { showsLocal = false }: MergeSetting): Merged {
  const value = showsLocal ? sides.local : sides.server;
  return { value, decisions: [], conflicts: [{ path: [], why: "too_large", rule: "none", ...sides }] };
}

/** What is wrong with the versions, whether or not the merge came upon it. */
function faultOf(sides: Sides): Culprit | undefined {
  for (const side of ["base", "local", "server"] as const) {
    const fault = faultIn(sides[side]);
    if (fault) return fault;
  }
  return undefined;
}

function refusal(error: unknown, sides: Sides): TabweaveError {
  const culprit = error instanceof Unmergeable ? error.culprit : faultOf(sides);
  return culprit ? refusalOf(culprit, error) : new TabweaveError("args_not_cloneable", { cause: error });
}

function refusalOf({ path, what }: Culprit, error?: unknown): TabweaveError {
  const detail = `${pathText(path) || "The document"} holds ${what}, which cannot be merged.`;
  const cause = error === undefined || error instanceof Unmergeable ? {} : { cause: error };
  return new TabweaveError("args_not_cloneable", { detail, ...cause });
}
