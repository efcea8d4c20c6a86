import { loadedMerging } from "../../engine/load.js";
import type { MergeTimes } from "../../engine/merging.js";
import { isRecord, isScalar } from "../../merge/kind.js";
import { momentOf } from "../../merge/measures.js";
import { pathText } from "../../merge/path.js";
import { mergePolicy, POLICY } from "../../merge/policy.js";
import type { Merged, Sides } from "../../merge/types.js";
import { ConflictType } from "./conflictType.js";
import { isSame } from "./told.js";

/** What the rules made of two states. */
export interface MergedStates {
  /** What both did; where nobody has decided it is as the server has it. */
  readonly value: unknown;
  /** The parts that somebody has to decide. */
  readonly undecided: readonly string[];
}

const { timestampKeys } = mergePolicy()[POLICY];

/**
 * Merges two states by the rules that hold without a policy: the later moment, what is in either list, the most recent
 * status that is not null, objects field by field. Undefined: the engine is not loaded.
 *
 * @throws TabweaveError `args_not_cloneable`
 */
export function mergedStates(type: ConflictType, sides: Sides): MergedStates | undefined {
  const merging = loadedMerging();
  if (merging === undefined) return undefined;
  if (type === ConflictType.STATUS_UPDATE && isBare(sides)) {
    const { value, conflicts } = merging.merge(asStatus(sides));
    return {
      value: (value as { status: unknown }).status,
      undecided: conflicts.map(() => ""),
    };
  }
  const merged = merging.merge(withoutMissing(type, sides), undefined, timesOf(sides));
  const undecided = merged.conflicts.map(({ path }) => pathText(path));
  return { value: merged.value, undecided: [...undecided, ...reordered(type, sides, merged)] };
}

/** Whether a status is told as what it is, and not in an object around it. */
function isBare({ local, server }: Sides): boolean {
  return isScalar(local) && isScalar(server);
}

function asStatus(sides: Sides): Sides {
  return Object.fromEntries(Object.entries(sides).map(([side, status]) => [side, { status }]));
}

/** What one side has added is not there on the other one: that is no conflict. */
function withoutMissing(type: ConflictType, sides: Sides): Sides {
  const isNew = type === ConflictType.PARTICIPANT_ADD || type === ConflictType.ACTION_SUBMISSION;
  return isNew ? Object.fromEntries(Object.entries(sides).filter(([, state]) => state != null)) : sides;
}

/** When the sides were changed, if both say so in a field that is known for it. */
function timesOf({ local, server }: Sides): MergeTimes {
  if (!isRecord(local) || !isRecord(server)) return {};
  for (const key of timestampKeys) {
    const [localMs, serverMs] = [momentOf(local[key]), momentOf(server[key])];
    if (localMs !== undefined && serverMs !== undefined) {
      return { localMs: Number(localMs), serverMs: Number(serverMs) };
    }
  }
  return {};
}

/**
 * Where turns are in another order on both sides and nobody knows who changed it. For lists of other things the server's
 * order is as good as any.
 */
function reordered(type: ConflictType, { local, server, ...rest }: Sides, { decisions }: Merged): string[] {
  if (type !== ConflictType.INITIATIVE_CHANGE || "base" in rest) return [];
  return decisions
    .filter(({ local, server }) => Array.isArray(local) && Array.isArray(server) && !isInOrder(local, server))
    .map(({ path }) => pathText(path));
}

/** Whether those that are in both lists stand in the same order. */
function isInOrder(local: readonly unknown[], server: readonly unknown[]): boolean {
  const places = local.map((element) => server.findIndex((other) => isSame(nameOf(element), nameOf(other))));
  const found = places.filter((place) => place >= 0);
  return found.every((place, at) => at === 0 || place > (found[at - 1] as number));
}

function nameOf(element: unknown): unknown {
  return isRecord(element) ? (element._id ?? element.id ?? element.key) : element;
}
