// The origin that all tabs of a proof are of, and the server that their operations reach.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { bundle } from "./bundle.js";
import type { Build } from "./newer.js";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** One call that reached the server, whether it was the first under its key or not. */
export interface Call {
  readonly key: string;
  readonly text: string;
  /** The tab that made it. */
  readonly tab: string;
  readonly at: number;
}

/** A page that waits in the middle of its task until it is let through. */
export interface Visitor {
  readonly path: string;
  letThrough(): void;
}

let script: Promise<string> | undefined;

/** The build in `pkg`; the page's script is made once for all proofs of a file. */
async function currentBuild(): Promise<Build> {
  script ??= bundle();
  return { script: await script, wasm: await readFile(at("../../pkg/wasm/tabweave_bg.wasm")) };
}

export class Site {
  /** Every call, in the order of arrival. */
  readonly calls: Call[] = [];
  readonly #server: Server;
  #held: Array<() => void> | undefined;
  readonly #visitors: Visitor[] = [];
  #expected: Array<(visitor: Visitor) => void> = [];

  private constructor(builds: Readonly<Record<string, Build>>) {
    this.#server = createServer((request, response) => {
      this.#answer(request, response, builds).catch((error) => response.destroy(error));
    });
  }

  /** Serves until the test ends; what is built anew at `newer/`. */
  static async open(newer?: Build): Promise<Site> {
    const site = new Site({ "/": await currentBuild(), ...(newer && { "/newer/": newer }) });
    site.#server.listen(0, "127.0.0.1");
    await once(site.#server, "listening");
    onTestFinished(() => site.#close());
    return site;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** What the server has: the text of each key, in the order in which the keys came. */
  get notes(): string[] {
    return [...new Map(this.calls.map(({ key, text }) => [key, text])).values()];
  }

  callsOf(text: string): Call[] {
    return this.calls.filter((call) => call.text === text);
  }

  /** From now on calls are applied and not answered. */
  hold(): void {
    this.#held ??= [];
  }

  /** Answers what was held, and what comes from now on. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const answer of held) answer();
  }

  /** The next page that knocks at `/gate/…`. */
  async visitor(): Promise<Visitor> {
    return this.#visitors.shift() ?? (await new Promise((come) => this.#expected.push(come)));
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    builds: Readonly<Record<string, Build>>,
  ): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", this.address);
    const cut = pathname.lastIndexOf("/") + 1;
    const [build, file] = [builds[pathname.slice(0, cut)], pathname.slice(cut)];
    const send = (type: string, body: string | Uint8Array) => {
      response.writeHead(200, { "Content-Type": type }).end(body);
    };
    if (pathname === "/call") {
      const { key, text: said, tab } = JSON.parse(await text(request));
      this.calls.push({ key, text: said, tab, at: Date.now() });
      const answer = () => send("text/plain", said);
      if (this.#held === undefined) answer();
      else this.#held.push(answer);
    } else if (pathname.startsWith("/gate/")) {
      this.#admit({ path: pathname.slice("/gate/".length), letThrough: () => send("text/plain", "") });
    } else if (pathname === "/notes") send("application/json", JSON.stringify(this.notes));
    else if (build && file === "mesh.js") send("text/javascript", build.script);
    else if (build && file === "tabweave.wasm") send("application/wasm", build.wasm);
    else if (build && file === "") send("text/html", html('<script type="module" src="mesh.js"></script>'));
    else send("text/html", html("<p>Somewhere else</p>"));
  }

  #admit(visitor: Visitor): void {
    const expecting = this.#expected.shift();
    if (expecting === undefined) this.#visitors.push(visitor);
    else expecting(visitor);
  }

  async #close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

function html(body: string): string {
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Mesh</title><link rel="icon" href="data:,"></head>
  <body>${body}</body>
</html>
`;
}
