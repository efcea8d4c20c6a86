import type { ConvexClient, ConvexConnection } from "./client.js";
import { isDead } from "./inside.js";

/** How often a client that tells nothing is looked at while a call waits for it, in milliseconds. */
export const LOOK_EVERY_MS = 500;

/** Whether a Convex client is connected, and whether it ever can be again. */
export class Connection {
  #stop: (() => void) | undefined;
  readonly #death = new AbortController();

  constructor(private readonly client: ConvexClient) {}

  get isConnected(): boolean {
    return this.#state?.isWebSocketConnected === true;
  }

  /** How many sockets the client has opened: another number says that the connection was lost in between. */
  get count(): number | undefined {
    return this.#state?.connectionCount;
  }

  /** Aborted once the server has ended the client with a fatal error. */
  get death(): AbortSignal {
    if (isDead(this.client)) this.#death.abort();
    return this.#death.signal;
  }

  /** Tells the listener now and on every change, until the returned function is called. */
  listen(listener: (connected: boolean) => void): () => void {
    this.#stop?.();
    const stop = this.#follow((connected) => {
      listener(connected);
      // A dead client is a disconnected one, and says no more than that.
      void this.death;
    });
    this.#stop = stop;
    return stop;
  }

  /** True once a call may be made; false if it should be tried another time. */
  async ready(signal: AbortSignal): Promise<boolean> {
    // A client that tells of its changes was connected when the attempt began, or is not any more.
    const mayCome = () => !this.#tells && navigator.onLine && !signal.aborted && !this.death.aborted;
    while (!this.isConnected && mayCome()) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return this.isConnected;
  }

  get #state(): ConvexConnection | undefined {
    try {
      return this.client.connectionState();
    } catch {
      // A client that was closed throws.
      return undefined;
    }
  }

  get #tells(): boolean {
    return this.client.subscribeToConnectionState !== undefined;
  }

  #follow(listener: (connected: boolean) => void): () => void {
    const { subscribeToConnectionState: subscribe } = this.client;
    if (subscribe !== undefined) {
      const stop = subscribe.call(this.client, (state) => listener(state.isWebSocketConnected));
      listener(this.isConnected);
      return stop;
    }
    // Clients before 1.25.3 tell nothing, so the browser's word is passed on and calls wait in `ready`.
    const pass = () => listener(navigator.onLine && !this.death.aborted);
    addEventListener("online", pass);
    addEventListener("offline", pass);
    pass();
    return () => {
      removeEventListener("online", pass);
      removeEventListener("offline", pass);
    };
  }
}
