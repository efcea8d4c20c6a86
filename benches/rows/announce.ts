import { client } from "../client.js";
import { openEchoListener, RAW } from "../echo.js";
import type { Row } from "../row.js";
import { scribble, TEXT } from "../scribble.js";

/** From the call until another tab lists the operation: it is on disk by then, which a bare message is not. */
export const announce: Row = {
  name: "an operation reaches another tab",
  against: "BroadcastChannel.postMessage",
  rounds: 100,
  async prepare() {
    const echoOf = openEchoListener();
    const raw = new BroadcastChannel(RAW);
    return {
      async ours(round) {
        const startedMs = performance.now();
        const handle = client.mutate(scribble, { round, text: TEXT });
        await echoOf(handle.id);
        return { tookMs: performance.now() - startedMs, afterwards: handle.settled };
      },
      async theirs(round) {
        const id = `raw ${round}`;
        const startedMs = performance.now();
        raw.postMessage({ id, round, text: TEXT });
        await echoOf(id);
        return { tookMs: performance.now() - startedMs };
      },
    };
  },
};
