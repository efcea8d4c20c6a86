import { Client } from "./client.js";
import { resolveOptions } from "./options.js";
import type { TabweaveClient, TabweaveOptions } from "./types.js";

// On globalThis, so that a module that is loaded again, or twice, finds the client that lives.
const LIVING = Symbol.for("tabweave.clients.1");

/**
 * Makes the client of this page and starts it. Called again with the same namespace and identity, as on a
 * hot reload, it returns the living client, which takes over the new definitions and the new source.
 */
export function createTabweave(options: TabweaveOptions = {}): TabweaveClient {
  const resolved = resolveOptions(options);
  // On a server each request has a client of its own, which does nothing.
  if (typeof document === "undefined") return new Client(resolved);
  const clients = livingClients();
  const key = JSON.stringify([resolved.namespace, resolved.identity]);
  const living = clients.get(key);
  if (living !== undefined) {
    living.reconfigure(resolved);
    return living;
  }
  const client = new Client(resolved, () => clients.delete(key));
  clients.set(key, client);
  client.start();
  return client;
}

function livingClients(): Map<string, Client> {
  const home = globalThis as { [LIVING]?: Map<string, Client> };
  home[LIVING] ??= new Map();
  return home[LIVING];
}
