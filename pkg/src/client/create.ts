import { Client } from "./client.js";
import { resolveOptions } from "./options.js";
import { livingClients } from "./registry.js";
import type { TabweaveClient, TabweaveOptions } from "./types.js";

/**
 * Makes the client of this page and starts it. Called again with the same namespace, as on a hot reload, it
 * returns the living client, which takes over the new definitions, the new source and, if it is a string or
 * null, the new identity.
 *
 * @throws TabweaveError `invalid_option`, `duplicate_operation_name`
 */
export function createTabweave(options: TabweaveOptions = {}): TabweaveClient {
  const resolved = resolveOptions(options);
  // On a server each request has a client of its own, which does nothing.
  if (typeof document === "undefined") return new Client(resolved);
  const clients = livingClients();
  const { namespace } = resolved;
  const living = clients.get(namespace);
  if (living !== undefined) {
    living.reconfigure(resolved);
    return living;
  }
  const client = new Client(resolved, () => clients.delete(namespace));
  clients.set(namespace, client);
  client.start();
  return client;
}
