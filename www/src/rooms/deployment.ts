const EMBEDDED = "http://127.0.0.1:3210";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Whether this page was served by the machine it runs on. Only then may its address choose anything. */
export function onLoopback(): boolean {
  return LOOPBACK.has(location.hostname);
}

/**
 * The address of the Convex deployment: the one the page was built for. On loopback `?backend=` chooses
 * another one on loopback, so that one build serves many test backends.
 */
export function deploymentAddress(): string {
  const built = import.meta.env.VITE_CONVEX_URL || EMBEDDED;
  const asked = new URLSearchParams(location.search).get("backend");
  if (asked === null || !onLoopback() || !URL.canParse(asked)) return built;
  const { hostname, origin } = new URL(asked);
  return LOOPBACK.has(hostname) ? origin : built;
}
