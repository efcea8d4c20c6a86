// The embedded backend as these tests steer it, and real Convex clients that talk to it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConvexClient } from "convex/browser";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { FaultCommand, Rule } from "../../www/backend/faults.js";
import { BackendProcess, MAIN } from "./process.js";

const TOKEN = "open-sesame";

/** Arguments for a backend that runs the functions of these tests instead of the demo's. */
export const FUNCTIONS = ["--functions", fileURLToPath(new URL("functions", import.meta.url))];

export type Stats = {
  mutationsRun: number;
  mutationsFailed: number;
  deduped: number;
  queriesRun: number;
  rules: number;
  held: number;
  connections: number;
  sessions: { connection: number; session: string; queries: string[] }[];
};

/** Runs the backend to its end, for when it is not expected to start. */
export async function runBackend(
  args: string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (output.stdout += chunk));
  child.stderr.on("data", (chunk) => (output.stderr += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...output };
}

export class Backend {
  private constructor(private readonly process: BackendProcess) {}

  /** Starts on a free port with an empty folder for its file; both end with the test. */
  static async start(args: string[] = ["--faults", "--token", TOKEN]): Promise<Backend> {
    const folder = await mkdtemp(join(tmpdir(), "tabweave-backend-"));
    const backend = new Backend(await BackendProcess.start(["--data", join(folder, "data.json"), ...args]));
    onTestFinished(async () => {
      await backend.kill();
      await rm(folder, { recursive: true, force: true });
    });
    return backend;
  }

  get address(): string {
    return this.process.address;
  }

  get port(): number {
    return this.process.port;
  }

  async kill(): Promise<void> {
    await this.process.kill();
  }

  async ended(): Promise<void> {
    await this.process.ended();
  }

  /** Starts again on the same port with the same file. */
  async restart(): Promise<void> {
    await this.process.restart();
  }

  client(): ConvexClient {
    const client = new ConvexClient(this.address, {
      webSocketConstructor: WebSocket as unknown as typeof globalThis.WebSocket,
      logger: false,
    });
    onTestFinished(() => client.close());
    return client;
  }

  async fail(rule: Rule): Promise<void> {
    await this.command({ rule });
  }

  async command(command: FaultCommand): Promise<void> {
    const response = await this.post(JSON.stringify(command));
    if (!response.ok) throw new Error(await response.text());
  }

  async post(body: string, headers: Record<string, string> = {}): Promise<Response> {
    return await fetch(`${this.address}/faults`, {
      method: "POST",
      headers: { "x-tabweave-token": TOKEN, ...headers },
      body,
    });
  }

  async stats(): Promise<Stats> {
    const response = await fetch(`${this.address}/stats`, { headers: { "x-tabweave-token": TOKEN } });
    return (await response.json()) as Stats;
  }
}

/** What an identity provider would sign: the backend reads the claims and checks no signature. */
export function unsignedToken(subject: string, lifetimeSeconds = 3600): string {
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: "https://accounts.test", sub: subject, iat: now, exp: now + lifetimeSeconds };
  return `${encoded({ alg: "none" })}.${encoded(claims)}.`;
}
