import { livingClients } from "../../client/registry.js";
import type { TabweaveClient } from "../../client/types.js";
import type { RecoveryClient } from "./recoveryClient.js";

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

/** The client that was connected, or else the only living one of the page. */
export function livingClient(): RecoveryClient | undefined {
  if (connected !== undefined) return connected as RecoveryClient;
  const [only, ...others] = livingClients().values();
  return others.length === 0 ? only : undefined;
}
