// Stands between the pages and the backend, and knows a mutation from its answer: so a socket can be cut
// before a commit, or after it and before its answer.
import { EventEmitter, once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { within } from "./bound.js";

/** At which message the socket that carries it is cut; the message itself goes no further. */
export type Cut = "Mutation" | "MutationResponse";

export class Relay {
  readonly #server: WebSocketServer;
  readonly #news = new EventEmitter();
  #cut: Cut | undefined;

  private constructor(private readonly backend: string) {
    this.#server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    this.#server.on("connection", (page, request) => this.#join(page, request));
  }

  static async open(backend: string): Promise<Relay> {
    const relay = new Relay(backend.replace("http", "ws"));
    await once(relay.#server, "listening");
    return relay;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts the next socket that carries such a message, and resolves when that is done. */
  async cut(at: Cut): Promise<void> {
    this.#cut = at;
    await within(`a message of type ${at} to cut the socket at`, once(this.#news, "cut"));
  }

  async close(): Promise<void> {
    for (const page of this.#server.clients) page.terminate();
    await new Promise((closed) => this.#server.close(closed));
  }

  #join(page: WebSocket, { url = "/", headers }: IncomingMessage): void {
    const backend = new WebSocket(this.backend + url, { origin: headers.origin ?? "" });
    const end = () => {
      page.terminate();
      backend.terminate();
    };
    // What a page says before the backend is reached is kept, in order.
    const reached = new Promise<void>((resolve) => backend.once("open", resolve));
    const pass = (to: WebSocket, data: RawData, isBinary: boolean) => {
      if (this.#isCutAt(data)) end();
      else if (to.readyState === WebSocket.OPEN) to.send(data, { binary: isBinary });
    };
    page.on("message", (data, isBinary) => void reached.then(() => pass(backend, data, isBinary)));
    backend.on("message", (data, isBinary) => pass(page, data, isBinary));
    for (const side of [page, backend]) {
      side.on("close", end);
      // It closes next: a backend that was killed cannot be reached.
      side.on("error", () => {});
    }
  }

  #isCutAt(data: RawData): boolean {
    if (this.#cut === undefined) return false;
    const { type } = JSON.parse(String(data)) as { type?: string };
    if (type !== this.#cut) return false;
    this.#cut = undefined;
    this.#news.emit("cut");
    return true;
  }
}
