import { createTabweave, defineOperation } from "tabweave";

export interface Scribble {
  readonly round: number;
  readonly text: string;
}

/** An operation that costs a server nothing, so that what is measured is the way there. */
export const scribble = defineOperation<Scribble, number>("scribble", { run: ({ args }) => args.round });

export const client = createTabweave({ namespace: "benches", operations: [scribble] });

/** About as much as a note in an app. */
export const TEXT = "The ferry rope is half cut. ".repeat(10);

/** Resolves once this tab has found its place among the tabs. */
export function roleKnown(): Promise<void> {
  const { connectivity } = client;
  return new Promise((resolve) => {
    const look = () => {
      if (connectivity.getSnapshot().role === "starting") return;
      stop();
      resolve();
    };
    const stop = connectivity.subscribe(look);
    look();
  });
}
