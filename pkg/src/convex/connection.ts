import type { ConvexClient } from "./client.js";

/** How often a client that tells nothing is looked at while a call waits for it. */
const LOOK_EVERY_MS = 500;

/** Whether a Convex client is connected. */
export class Connection {
  #stop: (() => void) | undefined;

  constructor(private readonly client: ConvexClient) {}

  get isConnected(): boolean {
    try {
      return this.client.connectionState().isWebSocketConnected;
    } catch {
      // A client that was closed throws.
      return false;
    }
  }

  /** Tells the listener now and on every change, until the returned function is called. */
  listen(listener: (connected: boolean) => void): () => void {
    this.#stop?.();
    const stop = this.#follow(listener);
    this.#stop = stop;
    return stop;
  }

  /** True once a call may be made; false if it should be tried another time. */
  async ready(signal: AbortSignal): Promise<boolean> {
    // A client that tells of its changes was connected when the attempt began, or is not any more.
    while (!this.isConnected && !this.#tells && navigator.onLine && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return this.isConnected;
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
    const pass = () => listener(navigator.onLine);
    addEventListener("online", pass);
    addEventListener("offline", pass);
    pass();
    return () => {
      removeEventListener("online", pass);
      removeEventListener("offline", pass);
    };
  }
}
