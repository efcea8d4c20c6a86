import { cloned } from "../client/cloneable.js";
import type { Rooms } from "../client/rooms.js";
import type { DefinitionParts } from "../definition/parts.js";
import type { Merger, OperationBody, OperationRecord } from "./binding.js";

/** What the app makes of operations of one name that stand next to each other and were not sent. */
export function mergersOf(rooms: Rooms, operations: readonly OperationRecord[]): Merger[] {
  const parts = rooms.handlers.find(operations[0]?.name ?? "");
  if (parts?.coalesce === undefined) return [];
  const mergers: Merger[] = [];
  for (const { id, body, terms } of operations) {
    const former = mergers.at(-1);
    // What another version of the app stored is not mixed with this one's.
    const isCurrent = (terms?.version ?? 0) === (parts.terms.version ?? 0);
    const merged = former && isCurrent ? merge(rooms, parts, former, body, id) : undefined;
    if (former !== undefined && merged !== undefined) {
      mergers[mergers.length - 1] = { operations: [...former.operations, id], body: merged };
    } else {
      mergers.push({ operations: [id], body });
    }
  }
  return mergers.filter((merger) => merger.operations.length > 1);
}

/** The one that does both; undefined: they stay two. */
function merge(
  rooms: Rooms,
  { coalesce }: DefinitionParts,
  older: Merger,
  newer: OperationBody,
  id: string,
): OperationBody | undefined {
  // Others may name what it is to create.
  if ([...older.operations, id].some((one) => rooms.placeholders.creators.has(one))) return undefined;
  try {
    const merged = coalesce?.(older.body, newer);
    return merged === undefined ? undefined : cloned(merged, "coalesce()");
  } catch (error) {
    rooms.diagnostics.report("coalesce_threw", error, id);
    return undefined;
  }
}
