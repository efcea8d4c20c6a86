import { livingClients } from "../../client/registry.js";
import { connectedClient } from "./connected.js";
import type { RecoveryClient } from "./recoveryClient.js";

/** The client that was connected, or else the only living one of the page. */
export function livingClient(): RecoveryClient | undefined {
  const connected = connectedClient();
  if (connected !== undefined) return connected as RecoveryClient;
  const [only, ...others] = livingClients().values();
  return others.length === 0 ? only : undefined;
}
