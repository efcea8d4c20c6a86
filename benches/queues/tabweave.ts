import { Link } from "../link.js";
import { openClient, scribble, TEXT } from "../scribble.js";
import { type Queue, times } from "./queue.js";

export async function openTabweave(namespace: string): Promise<Queue> {
  const link = new Link();
  const client = await openClient({ namespace, source: link });
  let settled: Promise<unknown>[] = [];
  return {
    enqueue(round, count) {
      const handles = times(count, () => client.mutate(scribble, { round, text: TEXT }));
      settled = handles.map((handle) => handle.settled);
      return Promise.all(handles.map((handle) => handle.persisted));
    },
    async drain() {
      link.set(true);
      await Promise.all(settled);
      link.set(false);
    },
    close: async () => client.close(),
  };
}
