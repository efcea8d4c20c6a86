// The tab that answers: it says what has arrived in it.
import { openEcho, RAW } from "./echo.js";
import { client, roleKnown } from "./scribble.js";

declare global {
  interface Window {
    ready: Promise<void>;
  }
}

const echo = openEcho();
const listed = new Set<string>();

client.outbox.subscribe(() => {
  for (const { id } of client.outbox.getSnapshot().operations) {
    if (listed.has(id)) continue;
    listed.add(id);
    echo(id);
  }
});

new BroadcastChannel(RAW).onmessage = ({ data }: MessageEvent<{ id: string }>) => echo(data.id);

window.ready = roleKnown();
