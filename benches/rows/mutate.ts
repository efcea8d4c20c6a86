import { openByHand, putByHand } from "../by-hand.js";
import { Link } from "../link.js";
import type { Row } from "../row.js";
import { openClient, scribble, TEXT } from "../scribble.js";

/** How long the page is held up by a call. When the operation is on disk is another matter. */
export const mutate: Row = {
  name: "mutate() returns",
  against: "structuredClone, then put + commit",
  goal: { ratio: 1.5 },
  rounds: 200,
  async prepare() {
    const client = await openClient({ namespace: "benches-mutate", source: new Link() });
    const database = await openByHand("benches-mutate-by-hand");
    return {
      async ours(round) {
        const args = { round, text: TEXT };
        const startedMs = performance.now();
        const { id, persisted } = client.mutate(scribble, args);
        const tookMs = performance.now() - startedMs;
        await persisted;
        client.cancel(id);
        return { tookMs };
      },
      async theirs(round) {
        const args = { round, text: TEXT };
        const startedMs = performance.now();
        const persisted = putByHand(database, [structuredClone(args)]);
        return { tookMs: performance.now() - startedMs, afterwards: persisted };
      },
      end: async () => client.close(),
    };
  },
};
