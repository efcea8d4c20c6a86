import type { Sides } from "../../merge/types.js";
import type { ConflictType } from "./conflictType.js";
import { type MergedStates, mergedStates } from "./mergedStates.js";
import type { MergeStrategies, StrategyThrew } from "./mergeStrategy.js";

/** What can be made of two states without a person. */
export interface Judgement extends MergedStates {
  /** Who made it: the name of a strategy, or `tabweave`. */
  readonly by: string;
}

/** Hears what failed on the way to a judgement. */
export interface Failures {
  readonly strategyThrew: StrategyThrew;
  /** The states hold what cannot be merged. */
  readonly mergeFailed: (error: unknown) => void;
}

/** What stands for a judgement where nothing can be made of the states. */
export const UNMERGEABLE = "unmergeable";

/** By the app's strategies first, and then by the rules. Undefined: the engine, which has the rules, is not loaded. */
export function judged(
  type: ConflictType,
  sides: Sides,
  strategies: MergeStrategies,
  failures: Failures,
): Judgement | typeof UNMERGEABLE | undefined {
  const { server, local } = sides;
  const made = strategies.merge(type, server, local, failures.strategyThrew);
  if (made !== undefined) return { ...made, undecided: [] };
  try {
    const merged = mergedStates(type, sides);
    return merged && { ...merged, by: "tabweave" };
  } catch (error) {
    failures.mergeFailed(error);
    return UNMERGEABLE;
  }
}
