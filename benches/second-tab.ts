// The tab that answers: it says what has arrived in it.
import { durable, ephemeral, peerChannel, queryClient, type Update } from "./board.js";
import { client } from "./client.js";
import { openEcho, RAW } from "./echo.js";
import { roleKnown } from "./scribble.js";

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

/** Updates without a name are part of a burst, of which only the last is waited for. */
const arrived = ({ id }: { id: string }) => {
  if (id !== "") echo(id);
};

new BroadcastChannel(RAW).onmessage = ({ data }: MessageEvent<{ id: string }>) => arrived(data);
peerChannel.onmessage = arrived;
queryClient.getQueryCache().subscribe(({ query }) => {
  const update = query.state.data as Update | undefined;
  if (update !== undefined) arrived(update);
});

for (const topic of [ephemeral, durable]) {
  let before = topic.getSnapshot();
  topic.subscribe(() => {
    const now = topic.getSnapshot();
    for (const [key, update] of now) if (before.get(key) !== update) arrived(update);
    before = now;
  });
}

window.ready = roleKnown(client);
