import type { ConvexClient } from "./client.js";
import { LOOK_EVERY_MS } from "./connection.js";
import { hasToken } from "./inside.js";

/** How long an attempt waits for a client that has no token yet, in milliseconds. */
const TOKEN_WAIT_MS = 10_000;

/**
 * Whether a Convex client calls as the person whose operations it is given. One whose token the server refused goes
 * on as nobody, and would send the person's operations so.
 */
export class Token {
  #had = false;

  constructor(
    private readonly client: ConvexClient,
    /** Whether it must have one, rather than must not have lost it. */
    private readonly required: () => boolean,
  ) {}

  /** Notices that the client has a token, to know it when that is lost. */
  look(): void {
    this.#had ||= hasToken(this.client) === true;
  }

  get isMissing(): boolean {
    this.look();
    return hasToken(this.client) === false && (this.#had || this.required());
  }

  /** True once a call may be made; false if the client has lost its token, or has none for too long. */
  async ready(signal: AbortSignal): Promise<boolean> {
    const untilMs = Date.now() + TOKEN_WAIT_MS;
    // The client tells nobody but who gave it the token that it has one.
    while (this.isMissing && !this.#had && Date.now() < untilMs && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return !this.isMissing;
  }
}
