import type { TabweaveClient } from "../../client/types.js";

let connected: TabweaveClient | undefined;

/**
 * Says which client the error recovery of this page works with: needed only where a page has several. The returned
 * function takes that back.
 */
export function connectErrorRecovery(client: TabweaveClient): () => void {
  connected = client;
  return () => {
    if (connected === client) connected = undefined;
  };
}

export function connectedClient(): TabweaveClient | undefined {
  return connected;
}
