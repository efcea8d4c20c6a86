// The doors of the backend: the socket of the sync protocol, Convex's HTTP API, and the fault rules.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { JSONValue } from "convex/values";
import { WebSocketServer } from "ws";
import type { Deployment } from "./deployment.js";
import { parseFault } from "./faults.js";
import type { Call, Kind } from "./functions.js";
import { identityOf } from "./identity.js";
import type { Options } from "./options.js";
import { Session } from "./session.js";

const BODY_BYTES_MAX = 8 * 1024 * 1024;
const TOKEN_HEADER = "x-tabweave-token";
/** The status with which Convex says that the function itself failed. */
const FUNCTION_FAILED = 560;

type Reply = { status: number; body: unknown };

export class Doors {
  readonly server: Server;
  readonly #options: Options;
  readonly #sockets = new WebSocketServer({ noServer: true });
  #deployment: Deployment | null = null;
  #connections = 0;

  constructor(options: Options) {
    this.#options = options;
    this.server = createServer((request, response) => void this.#answer(request, response));
    this.server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** From now on clients are let in. */
  open(deployment: Deployment): void {
    this.#deployment = deployment;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const deployment = this.#deployment;
    // A client may go away in the middle of the handshake.
    socket.on("error", () => {});
    const refusal = this.#refusal(request);
    if (refusal !== null || deployment === null) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (ws) => {
      this.#connections += 1;
      new Session(ws, deployment, this.#connections);
    });
  }

  #refusal(request: IncomingMessage): string | null {
    if (!this.#welcomes(request.headers.origin)) return "403 Forbidden";
    if (!/^\/api\/[^/]+\/sync$/.test(pathOf(request))) return "404 Not Found";
    if (this.#deployment === null || this.#deployment.faults.network === "down")
      return "503 Service Unavailable";
    return null;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin } = request.headers;
    if (origin !== undefined && this.#welcomes(origin)) {
      response.setHeader("Access-Control-Allow-Origin", origin);
      response.setHeader("Vary", "Origin");
      response.setHeader(
        "Access-Control-Allow-Headers",
        `content-type, authorization, convex-client, ${TOKEN_HEADER}`,
      );
    }
    const { status, body } = await this.#reply(request).catch((error: Error) => ({
      status: 400,
      body: error.message,
    }));
    const isText = typeof body === "string";
    response.writeHead(status, { "Content-Type": isText ? "text/plain" : "application/json" });
    response.end(isText ? `${body}\n` : JSON.stringify(body));
  }

  async #reply(request: IncomingMessage): Promise<Reply> {
    if (!this.#welcomes(request.headers.origin))
      return { status: 403, body: "This origin is not welcome here." };
    if (request.method === "OPTIONS") return { status: 204, body: "" };
    const deployment = this.#deployment;
    if (deployment === null) return { status: 503, body: "Starting." };
    switch (`${request.method} ${pathOf(request)}`) {
      case "GET /":
        return { status: 200, body: "Tabweave's embedded backend is running." };
      case "POST /api/query":
        return await this.#call("query", request, deployment);
      case "POST /api/mutation":
        return await this.#call("mutation", request, deployment);
      case "POST /api/action":
        return await this.#call("action", request, deployment);
      case "POST /faults":
        return this.#knowsToken(request) ?? applyFault(deployment, this.#sockets, await bodyOf(request));
      case "GET /stats":
        return this.#knowsToken(request) ?? { status: 200, body: statsOf(deployment) };
      default:
        return { status: 404, body: "There is nothing here." };
    }
  }

  async #call(kind: Kind, request: IncomingMessage, deployment: Deployment): Promise<Reply> {
    if (deployment.faults.network === "down")
      return { status: 503, body: "A fault rule took the network down." };
    const { path, args } = JSON.parse(await bodyOf(request)) as { path: string; args: JSONValue[] };
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const call: Call = {
      path,
      args: args[0] ?? {},
      identity: token === undefined ? null : identityOf(token),
    };
    const answer =
      kind === "mutation" ? await deployment.mutate(call, null) : await deployment.functions.run(kind, call);
    if (kind === "action") await deployment.flush();
    return answer.success
      ? { status: 200, body: { status: "success", value: answer.value, logLines: [] } }
      : { status: FUNCTION_FAILED, body: { status: "error", ...answer, logLines: [] } };
  }

  /** Programs send no origin. Pages do, and a page of some website has no business here. */
  #welcomes(origin: string | undefined): boolean {
    if (origin === undefined) return true;
    if (this.#options.origins.length > 0) return this.#options.origins.includes(origin);
    return /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin);
  }

  #knowsToken(request: IncomingMessage): Reply | null {
    const { token } = this.#options;
    if (token === null) return { status: 404, body: "Start the backend with --faults --token T for this." };
    if (request.headers[TOKEN_HEADER] !== token)
      return { status: 403, body: `The ${TOKEN_HEADER} is wrong.` };
    return null;
  }
}

function applyFault(deployment: Deployment, sockets: WebSocketServer, body: string): Reply {
  const { faults } = deployment;
  const command = parseFault(body);
  if ("rule" in command) faults.add(command.rule);
  else if ("clear" in command) faults.clear(command.clear);
  else if ("network" in command) {
    faults.network = command.network;
    if (command.network === "down") for (const socket of sockets.clients) socket.terminate();
  } else {
    for (const session of deployment.sessions) {
      if (command.session === undefined || command.session === session.id) session.terminate();
    }
  }
  return { status: 200, body: faults.stats() };
}

function statsOf(deployment: Deployment) {
  const sessions = Array.from(deployment.sessions, (session) => ({
    connection: session.connection,
    session: session.id,
    queries: Array.from(session.watched(), ({ path }) => path),
  }));
  return {
    ...deployment.counts,
    ...deployment.faults.stats(),
    connections: sessions.length,
    sessions,
    ts: String(deployment.ts),
  };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?")[0] ?? "/";
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error(`The body is larger than ${BODY_BYTES_MAX} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
