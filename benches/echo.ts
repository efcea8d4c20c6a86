// The channels that both tabs know. What comes back, comes back the same way for both sides of a contest.

const ECHO = "benches/echo";
export const RAW = "benches/raw";

/** Tells the first tab that something arrived here. */
export function openEcho(): (arrived: string) => void {
  const channel = new BroadcastChannel(ECHO);
  return (arrived) => channel.postMessage(arrived);
}

/** Resolves once the second tab says that it has something. */
export function openEchoListener(): (awaited: string) => Promise<void> {
  const heard = new Set<string>();
  const waiting = new Map<string, () => void>();
  new BroadcastChannel(ECHO).onmessage = ({ data }: MessageEvent<string>) => {
    const resolve = waiting.get(data);
    if (resolve === undefined) heard.add(data);
    else resolve();
    waiting.delete(data);
  };
  return (awaited) =>
    heard.delete(awaited) ? Promise.resolve() : new Promise((resolve) => waiting.set(awaited, resolve));
}
