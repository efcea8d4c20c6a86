import type { ConvexClient } from "./client.js";

/**
 * What a `ConvexReactClient` knows and its types do not tell, as of 1.25 to 1.48. In another version any of it may be
 * missing: then nothing is concluded from it.
 */
interface Inside {
  readonly options?: { readonly unsavedChangesWarning?: unknown };
  /** Throws on a client that was closed. */
  readonly sync?: {
    hasAuth?(): boolean;
    readonly webSocketManager?: { socketState?(): string };
  };
}

/** Whether the client shows a dialog before the page is left. */
export function asksBeforeLeaving(client: ConvexClient): boolean {
  const { options } = client as Inside;
  return options !== undefined && options.unsavedChangesWarning !== false;
}

/**
 * Whether the server ended the client with a fatal error: its socket is terminated for good, although nobody closed
 * the client. What it was asked is never answered.
 */
export function isDead(client: ConvexClient): boolean {
  return readSync(client, (sync) => sync.webSocketManager?.socketState?.() === "terminated") ?? false;
}

/** Whether the client calls as somebody; undefined if it does not say. */
export function hasToken(client: ConvexClient): boolean | undefined {
  return readSync(client, (sync) => sync.hasAuth?.());
}

function readSync<T>(client: ConvexClient, read: (sync: NonNullable<Inside["sync"]>) => T): T | undefined {
  try {
    const { sync } = client as Inside;
    return sync === undefined ? undefined : read(sync);
  } catch {
    return undefined;
  }
}
