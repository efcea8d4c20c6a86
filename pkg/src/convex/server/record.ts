import type { DocumentByName, GenericDatabaseReader, GenericMutationCtx } from "convex/server";
import { refuse } from "./key.js";
import { OUTCOMES_KEEP_MS, type ReadKey } from "./stamp.js";
import type { OutcomesDataModel } from "./tables.js";

export type MutationContext = GenericMutationCtx<OutcomesDataModel>;
export type OutcomeRecord = DocumentByName<OutcomesDataModel, "tabweaveOutcomes">;

/** The record of a key. Two transactions at once both read this range, so Convex runs one of them again. */
export async function findRecord(
  db: GenericDatabaseReader<OutcomesDataModel>,
  key: string,
): Promise<OutcomeRecord | null> {
  return await db
    .query("tabweaveOutcomes")
    .withIndex("by_key", (range) => range.eq("key", key))
    .unique();
}

/** Nobody can tell any more what became of a key that is older than the records. */
export function refuseExpired({ firstAttemptMs }: ReadKey): void {
  if (firstAttemptMs === null || Date.now() - firstAttemptMs <= OUTCOMES_KEEP_MS) return;
  throw refuse(
    "idempotency_key_expired",
    `The operation was first sent more than ${OUTCOMES_KEEP_MS} ms ago: whether it ran is not known any more.`,
  );
}

export async function addRecord(
  { db }: MutationContext,
  { key, firstAttemptMs }: ReadKey,
  fields: Pick<OutcomeRecord, "identity" | "argsHash" | "result" | "sealed">,
): Promise<void> {
  // Not before the key says that it was sent: by a clock that is ahead, the key is good for longer.
  await db.insert("tabweaveOutcomes", { key, ...fields, at: Math.max(Date.now(), firstAttemptMs ?? 0) });
}
