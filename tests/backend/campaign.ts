// The demo's functions as a client of the backend sees them.
import type { ConvexClient } from "convex/browser";
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";
import { api } from "../../www/convex/_generated/api.js";
import type { Doc } from "../../www/convex/_generated/dataModel.js";

export { api };

/** One interaction of the sample data that is live. */
export async function liveInteraction(client: ConvexClient): Promise<Doc<"interactions">> {
  const [campaign] = await client.query(api.campaigns.list, {});
  const interactions = await client.query(api.interactions.list, { campaignId: campaign!._id });
  return interactions.find(({ status }) => status === "live")!;
}

export async function ledger(client: ConvexClient): Promise<string[]> {
  const rows = await client.query(api.ledger.list, {});
  return rows.map(({ operation }) => operation).filter((operation) => operation !== "seed:run");
}

/** All values that a subscription was told, in order. */
export function values<Query extends FunctionReference<"query">>(
  client: ConvexClient,
  query: Query,
  args: FunctionArgs<Query>,
): FunctionReturnType<Query>[] {
  const told: FunctionReturnType<Query>[] = [];
  client.onUpdate(query, args, (value) => void told.push(value));
  return told;
}

/** What the promise was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    (value) => {
      throw new Error(`should have been rejected, but answered ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}
