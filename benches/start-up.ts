// A page that begins with a long queue: it times how long that takes, and how long a frame has to wait meanwhile.
import { createTabweave } from "tabweave";
import { openByHand, readByHand } from "./by-hand.js";
import { Link } from "./link.js";
import { scribble, until } from "./scribble.js";

export interface StartUp {
  readonly tookMs: number;
  readonly longestFrameMs: number;
}

declare global {
  interface Window {
    startUp(side: "ours" | "theirs", name: string, count: number): Promise<StartUp>;
  }
}

/** Until the operations are listed, as a component that subscribes to the outbox would have them. */
async function startOurs(namespace: string, count: number): Promise<void> {
  const { outbox } = createTabweave({ namespace, source: new Link(), operations: [scribble] });
  await until(outbox, () => outbox.getSnapshot().operations.length === count);
}

async function startTheirs(name: string, count: number): Promise<void> {
  const records = await readByHand(await openByHand(name));
  if (records.length !== count) throw new Error(`${records.length} of ${count} records were there`);
}

/** The longest time from one frame to the next while this goes on, the frame after it included. */
async function longestFrameOf(work: Promise<unknown>): Promise<number> {
  let isOver = false;
  let longestMs = 0;
  const watching = new Promise<void>((resolve) => {
    let beforeMs = performance.now();
    const look = () => {
      const nowMs = performance.now();
      longestMs = Math.max(longestMs, nowMs - beforeMs);
      beforeMs = nowMs;
      if (isOver) resolve();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await work;
  isOver = true;
  await watching;
  return longestMs;
}

window.startUp = async (side, name, count) => {
  // The page's own beginning is over once it has shown a frame.
  await new Promise(requestAnimationFrame);
  const startedMs = performance.now();
  let tookMs = Number.NaN;
  const work = (side === "ours" ? startOurs : startTheirs)(name, count).then(() => {
    tookMs = performance.now() - startedMs;
  });
  return { longestFrameMs: await longestFrameOf(work), tookMs };
};
