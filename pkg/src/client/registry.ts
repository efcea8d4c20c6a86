import type { Client } from "./client.js";

// On globalThis, so that a module that is loaded again, or twice, finds the client that lives.
const LIVING = Symbol.for("tabweave.clients.2");

/** The clients of this page that are not closed, by their namespaces; none on a server. */
export function livingClients(): Map<string, Client> {
  const home = globalThis as { [LIVING]?: Map<string, Client> };
  home[LIVING] ??= new Map();
  return home[LIVING];
}
