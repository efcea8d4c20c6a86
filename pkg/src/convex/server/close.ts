import { type MutationBuilder, mutationGeneric, type RegisteredMutation } from "convex/server";
import { v } from "convex/values";
import { callerIdentity, checkedKey, refuse } from "./key.js";
import { addRecord, findRecord, refuseExpired } from "./record.js";
import { readKey } from "./stamp.js";
import type { OutcomesDataModel } from "./tables.js";

/** What {@link close} found: the key has run, or never will. */
export type Closed = { status: "done"; result: unknown } | { status: "sealed" };

const mutation = mutationGeneric as MutationBuilder<OutcomesDataModel, "public">;

/**
 * Settles for good whether an operation takes effect, so that a client can cancel one that it sent without hearing
 * what became of it. A public mutation, ready to be exported from `convex/tabweave.ts`:
 *
 * ```ts
 * export { close, outcomes } from "tabweave/convex/server";
 * ```
 *
 * `key` is what `once` was or would be called with. If it has run, the answer is `{ status: "done", result }` with
 * what its mutation returned. If not, the key is sealed and the answer is `{ status: "sealed" }`: a run that
 * comes later is refused with `idempotency_key_closed`. Asked again, it answers the same. A run and a close of one
 * key at the same time happen one after the other.
 *
 * Throws `ConvexError<Refusal>` with code `idempotency_key_reused` if the record is somebody else's,
 * `idempotency_key_expired` if the key is too old to tell, `idempotency_key_invalid` as `once` does.
 */
export const close: RegisteredMutation<"public", { key: string }, Promise<Closed>> = mutation({
  args: { key: v.string() },
  returns: v.union(
    v.object({ status: v.literal("done"), result: v.any() }),
    v.object({ status: v.literal("sealed") }),
  ),
  handler: async (ctx, args): Promise<Closed> => {
    const read = readKey(checkedKey(args.key));
    const identity = await callerIdentity(ctx);
    const earlier = await findRecord(ctx.db, read.key);
    if (earlier === null) {
      refuseExpired(read);
      await addRecord(ctx, read, { identity, argsHash: "", result: null, sealed: true });
      return { status: "sealed" };
    }
    if (earlier.identity !== identity) {
      throw refuse("idempotency_key_reused", "This key was recorded for another identity.");
    }
    return earlier.sealed === true ? { status: "sealed" } : { status: "done", result: earlier.result };
  },
});
