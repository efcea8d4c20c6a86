import { clearByHand, openByHand, putByHand, recordOf } from "../by-hand.js";
import { TEXT } from "../scribble.js";
import { type Queue, times } from "./queue.js";

/** Nothing but the bytes: all of a task in one transaction, and nobody who sends them. */
export async function openHandwritten(name: string): Promise<Queue> {
  const database = await openByHand(name);
  return {
    enqueue: (round, count) =>
      putByHand(
        database,
        times(count, () => recordOf({ round, text: TEXT })),
      ),
    drain: () => clearByHand(database),
    close: async () => database.close(),
  };
}
