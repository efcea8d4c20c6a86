import { livingClients } from "../client/registry.js";
import type { TabweaveClient } from "../client/types.js";
import type { PageClient } from "./pageClient.js";

/** Which client of the page a module works with. */
export class ChosenClient {
  #connected: TabweaveClient | undefined;

  /** Until the returned function is called, or another one is connected, it is this one. */
  connect(client: TabweaveClient): () => void {
    this.#connected = client;
    return () => {
      if (this.#connected === client) this.#connected = undefined;
    };
  }

  /** The client that was connected, or else the only living one of the page. */
  get client(): PageClient | undefined {
    if (this.#connected !== undefined) return this.#connected as PageClient;
    const [only, ...others] = livingClients().values();
    return others.length === 0 ? only : undefined;
  }
}
