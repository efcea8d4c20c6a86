import { MutationObserver, onlineManager, QueryClient } from "@tanstack/query-core";
import { persistQueryClient } from "@tanstack/query-persist-client-core";
import { createStore, del, get, set } from "idb-keyval";
import { type Scribble, scribble, TEXT } from "../scribble.js";
import { type Queue, times } from "./queue.js";

const KEY = "client";

/** As its documentation has it: mutations that are paused are persisted with the client, by way of `idb-keyval`. */
export async function openQueryClient(): Promise<Queue> {
  const queryClient = new QueryClient();
  const store = createStore("benches-query", "keyval");
  let stored = (_paused: number) => {};
  let last: Promise<unknown> = Promise.resolve();
  const [stop, restored] = persistQueryClient({
    queryClient,
    persister: {
      async persistClient(client) {
        last = set(KEY, client, store);
        await last;
        stored(client.clientState.mutations.length);
      },
      restoreClient: () => get(KEY, store),
      removeClient: () => del(KEY, store),
    },
  });
  await restored;
  onlineManager.setOnline(false);
  const mutation = {
    mutationKey: [scribble.name],
    mutationFn: async ({ round }: Scribble) => round,
    scope: { id: scribble.name },
  };
  let settled: Promise<unknown>[] = [];
  return {
    async enqueue(round, count) {
      await new Promise<void>((resolve) => {
        stored = (paused) => {
          if (paused === count) resolve();
        };
        settled = times(count, () =>
          new MutationObserver(queryClient, mutation).mutate({ round, text: TEXT }),
        );
      });
    },
    async drain() {
      onlineManager.setOnline(true);
      await queryClient.resumePausedMutations();
      await Promise.all(settled);
      onlineManager.setOnline(false);
      queryClient.getMutationCache().clear();
      await last;
    },
    async close() {
      stop();
      onlineManager.setOnline(true);
    },
  };
}
