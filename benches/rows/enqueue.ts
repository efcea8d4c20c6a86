import { openHandwritten } from "../queues/by-hand.js";
import { openOfflineTransactions } from "../queues/offline-transactions.js";
import { openQueryClient } from "../queues/query.js";
import type { Queue } from "../queues/queue.js";
import { openTabweave } from "../queues/tabweave.js";
import type { Goal, Row, Timed } from "../row.js";

const BURST = 100;
/** At least 0.7 times as fast as what is written by hand, and twice as fast as what one would install. */
const BY_HAND = { ratio: 1 / 0.7 };
const INSTALLED = { ratio: 1 / 2 };

/** From the call until the last operation outlives the page, without a connection. */
function enqueue(count: number, against: string, goal: Goal, openTheirs: () => Promise<Queue>): Row {
  return {
    name: count === 1 ? "an operation is safe on disk" : `${count} operations at once are safe on disk`,
    against,
    goal,
    ...(count === 1 ? { rounds: 100 } : { rounds: 20, warmUps: 3 }),
    async prepare() {
      const [ours, theirs] = [await openTabweave(`benches-${against}-${count}`), await openTheirs()];
      const timed = async (queue: Queue, round: number): Promise<Timed> => {
        const startedMs = performance.now();
        await queue.enqueue(round, count);
        return { tookMs: performance.now() - startedMs, afterwards: queue.drain() };
      };
      return {
        ours: (round) => timed(ours, round),
        theirs: (round) => timed(theirs, round),
        end: () => Promise.all([ours.close(), theirs.close()]),
      };
    },
  };
}

export const enqueueRows: readonly Row[] = [1, BURST].flatMap((count) => [
  enqueue(count, "IndexedDB put + commit", BY_HAND, () => openHandwritten(`benches-by-hand-${count}`)),
  enqueue(count, "@tanstack/offline-transactions", INSTALLED, openOfflineTransactions),
  enqueue(count, "query-persist-client-core", INSTALLED, openQueryClient),
]);
