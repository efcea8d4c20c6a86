import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "@playwright/test";
import { build } from "esbuild";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { executablePath, flags } from "../../support/chromium.mjs";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Opens pages of one origin in a browser of its own, with a script of `tests/js/pages` in them. */
export class Site {
  #browser: Browser | undefined;
  #server: Server | undefined;
  #script = "";
  #styles = "";
  #policy: string | undefined;
  #port = 0;

  /**
   * Serves the script for the tests of this file, with the styles that it imports. `nodeEnv` is what a bundler would say of
   * the build, `policy` the content security policy that the page has.
   */
  static forThisFile(
    page: string,
    nodeEnv: "development" | "production" = "development",
    policy?: string,
  ): Site {
    const site = new Site();
    site.#policy = policy;
    beforeAll(() => site.#open(page, nodeEnv));
    afterAll(() => site.#close());
    return site;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** A browser profile of its own: pages in it share storage, locks and channels. */
  async context(settings: BrowserContextOptions = {}): Promise<BrowserContext> {
    if (this.#browser === undefined) throw new Error("the browser is started in beforeAll");
    const context = await this.#browser.newContext(settings);
    onTestFinished(() => context.close());
    return context;
  }

  /** A page with the script loaded, in a profile of its own unless one is given. */
  async page(context?: BrowserContext, path = ""): Promise<Page> {
    const page = await (context ?? (await this.context())).newPage();
    await page.goto(this.address + path);
    await page.waitForFunction(() => "stage" in window);
    return page;
  }

  async #open(page: string, nodeEnv: string): Promise<void> {
    const built = await build({
      entryPoints: [at(`../pages/${page}`)],
      bundle: true,
      format: "esm",
      write: false,
      outdir: "/",
      jsx: "automatic",
      define: { "process.env.NODE_ENV": JSON.stringify(nodeEnv) },
      logLevel: "silent",
    });
    const product = (ending: string) =>
      built.outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
    this.#script = product(".js");
    this.#styles = product(".css");
    const wasm = await readFile(at("../../../pkg/wasm/tabweave_bg.wasm"));
    this.#server = createServer(({ url = "/" }, response) => {
      if (url.startsWith("/script.js")) {
        response.writeHead(200, { "Content-Type": "text/javascript" }).end(this.#script);
      } else if (url === "/tabweave.wasm") {
        response.writeHead(200, { "Content-Type": "application/wasm" }).end(wasm);
      } else if (url === "/styles.css") {
        response.writeHead(200, { "Content-Type": "text/css" }).end(this.#styles);
      } else if (url.startsWith("/?") || url === "/") {
        const policy = this.#policy && { "Content-Security-Policy": this.#policy };
        response.writeHead(200, { "Content-Type": "text/html", ...policy }).end(HTML);
      } else {
        response.writeHead(404).end();
      }
    });
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
    this.#browser = await chromium.launch({ executablePath, args: flags });
  }

  async #close(): Promise<void> {
    await this.#browser?.close();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}

const HTML = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Stage</title><link rel="icon" href="data:,">
  <link rel="stylesheet" href="/styles.css"></head>
  <body><div id="root"></div><script type="module" src="/script.js"></script></body>
</html>
`;
