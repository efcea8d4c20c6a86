import { loadedMerging } from "../engine/load.js";
import type { MergeTimes } from "../engine/merging.js";
import { TabweaveError } from "../errors/error.js";
import { type MergePolicy, POLICY } from "./policy.js";
import type { Merged } from "./types.js";

/** Three versions of a document, and how they are to become one. A property that is left out: there is no such version. */
export interface MergeInput<Document> extends MergeTimes {
  /** The document as it was before anybody changed it. */
  readonly base?: Document;
  /** As this person wants it. */
  readonly local?: Document;
  /** As the server has it. */
  readonly server?: Document;
  /** Without one: moments by the later one, lists by what both added and removed, a status by the most recent, objects field by field. */
  readonly policy?: MergePolicy<Document> | undefined;
}

/**
 * Merges three versions of a document. What only one side changed is as that side has it; for what both did, and
 * differently, there is a rule, or it is a conflict. Nothing is copied that stayed as it was, and none of the versions is
 * changed. The engine must have been loaded: `await init()`.
 *
 * @throws TabweaveError `engine_not_loaded`; `args_not_cloneable` if a version holds a function, a symbol or itself
 */
export function merge<Document>({ policy, ...input }: MergeInput<Document>): Merged<Document> {
  const merging = loadedMerging();
  if (merging === undefined) throw new TabweaveError("engine_not_loaded");
  const { localMs, serverMs } = input;
  return merging.merge(input, policy?.[POLICY], { localMs, serverMs }) as Merged<Document>;
}
