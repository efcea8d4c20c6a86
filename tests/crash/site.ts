// The origin of all tabs, and where they tell the driver what happens to them.
import { EventEmitter, once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { WebSocketServer } from "ws";
import { within } from "./bound.js";
import type { Register } from "./register.js";
import type { Word } from "./words.js";

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const PAGE = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Crash</title><link rel="icon" href="data:,"></head>
  <body><script type="module" src="crash.js"></script></body>
</html>
`;

export class Site {
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #gates = new EventEmitter();

  private constructor(script: string, wasm: Uint8Array, register: Register) {
    this.#server = createServer((request, response) => this.#answer(request, response, script, wasm));
    this.#sockets = new WebSocketServer({ server: this.#server });
    this.#sockets.on("connection", (socket, { url = "/" }) => {
      const tab = Number(new URL(url, this.address).searchParams.get("tab"));
      socket.on("message", (text) => register.hear(tab, JSON.parse(String(text)) as Word));
      // A page that was killed.
      socket.on("error", () => {});
    });
  }

  static async open(register: Register): Promise<Site> {
    const wasm = await readFile(at("pkg/wasm/tabweave_bg.wasm"));
    const site = new Site(await script(), wasm, register);
    site.#server.listen(0, "127.0.0.1");
    await once(site.#server, "listening");
    return site;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Resolves when a page knocks in the middle of a task; what is returned lets it go on. */
  async visitor(): Promise<() => void> {
    const [response] = (await within("a page that stops in its task", once(this.#gates, "knock"))) as [
      ServerResponse,
    ];
    return () => response.end();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  #answer({ url = "/" }: IncomingMessage, response: ServerResponse, script: string, wasm: Uint8Array): void {
    const { pathname } = new URL(url, this.address);
    if (pathname.startsWith("/gate/")) this.#gates.emit("knock", response);
    else if (pathname === "/crash.js") response.setHeader("Content-Type", "text/javascript").end(script);
    else if (pathname === "/tabweave.wasm") response.setHeader("Content-Type", "application/wasm").end(wasm);
    else response.setHeader("Content-Type", "text/html").end(PAGE);
  }
}

/** The page's script, over the package as it was built. */
async function script(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [at("tests/crash/page/main.ts")],
    bundle: true,
    format: "esm",
    write: false,
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}
