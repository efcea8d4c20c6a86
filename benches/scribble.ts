import { createTabweave, defineOperation, type TabweaveClient, type TabweaveOptions } from "tabweave";

export interface Scribble {
  readonly round: number;
  readonly text: string;
}

/** An operation that costs a server nothing, so that what is measured is the way there. */
export const scribble = defineOperation<Scribble, number>("scribble", { run: ({ args }) => args.round });

/** About as much as a note in an app. */
export const TEXT = "The ferry rope is half cut. ".repeat(10);

/** Another client, once it has found its place among the tabs. */
export async function openClient(options: TabweaveOptions): Promise<TabweaveClient> {
  const opened = createTabweave({ operations: [scribble], ...options });
  await roleKnown(opened);
  return opened;
}

/** Resolves once this tab has found its place among the tabs. */
export function roleKnown({ connectivity }: TabweaveClient): Promise<void> {
  return until(connectivity, () => connectivity.getSnapshot().role !== "starting");
}

/** Resolves once this is so, which may change whenever the store tells. */
export function until(
  store: { subscribe(listener: () => void): () => void },
  isSo: () => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isSo()) return;
      stop();
      resolve();
    };
    const stop = store.subscribe(look);
    look();
  });
}
