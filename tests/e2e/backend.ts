// The embedded backend as a process of its own, on a free port and a file of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ConvexHttpClient } from "convex/browser";
import type { FunctionReturnType } from "convex/server";
import { api } from "../../www/convex/_generated/api.js";

const MAIN = fileURLToPath(new URL("../../www/backend/main.mjs", import.meta.url));

export type Rule = {
  on: "connect" | "query" | "mutation" | "transition";
  action:
    | "delay"
    | "hang"
    | "drop-before"
    | "drop-after"
    | "delay-response"
    | "close"
    | "fatal"
    | "exit"
    | "error";
  path?: string;
  times?: number;
  ms?: number;
  session?: string;
  target?: "origin" | "others";
};

export type Stats = {
  mutationsRun: number;
  mutationsFailed: number;
  deduped: number;
  rules: number;
  held: number;
  connections: number;
  sessions: { connection: number; session: string; queries: string[] }[];
};

type Scene = FunctionReturnType<typeof api.interactions.list>[number];

export class Backend {
  readonly address: string;
  readonly #process: ChildProcess;
  readonly #token: string;
  readonly #folder: string;
  readonly #http: ConvexHttpClient;
  /** How many ledger rows the sample campaigns left. */
  #rowsBefore = 0;

  private constructor(address: string, process: ChildProcess, token: string, folder: string) {
    this.address = address;
    this.#process = process;
    this.#token = token;
    this.#folder = folder;
    this.#http = new ConvexHttpClient(address, { logger: false });
  }

  /** Starts with the sample campaigns. */
  static async start(): Promise<Backend> {
    const folder = await mkdtemp(join(tmpdir(), "tabweave-backend-"));
    const token = randomUUID();
    const options = ["--port", "0", "--data", join(folder, "data.json"), "--faults", "--token", token];
    const started = spawn(process.execPath, [MAIN, ...options], { stdio: ["ignore", "pipe", "inherit"] });
    const address = await readyAddress(started);
    const backend = new Backend(address, started, token, folder);
    backend.#rowsBefore = (await backend.#http.query(api.ledger.list, {})).length;
    return backend;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      const exited = once(this.#process, "exit");
      this.#process.kill("SIGTERM");
      await exited;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async rule(rule: Rule): Promise<void> {
    await this.#command({ rule });
  }

  /** No rules any more; what a delay holds goes on. */
  async clearRules(): Promise<void> {
    await this.#command({ clear: true });
  }

  async network(network: "down" | "up"): Promise<void> {
    await this.#command({ network });
  }

  /** Cuts every socket once; clients come back by themselves. */
  async disconnect(): Promise<void> {
    await this.#command({ disconnect: true });
  }

  async stats(): Promise<Stats> {
    const response = await fetch(`${this.address}/stats`, { headers: { "x-tabweave-token": this.#token } });
    return (await response.json()) as Stats;
  }

  /** The server's own count: what took effect since the start, in order, as `function detail`. */
  async ledger(): Promise<string[]> {
    const rows = await this.#http.query(api.ledger.list, { after: this.#rowsBefore });
    return rows.map(({ operation, detail }) => `${operation} ${detail}`);
  }

  /** A scene as the server has it. */
  async scene(name: string): Promise<Scene> {
    for (const { _id } of await this.#http.query(api.campaigns.list, {})) {
      const scenes = await this.#http.query(api.interactions.list, { campaignId: _id });
      const found = scenes.find((scene) => scene.name === name);
      if (found !== undefined) return found;
    }
    throw new Error(`The server has no scene "${name}".`);
  }

  async campaignId(name: string): Promise<string> {
    const campaigns = await this.#http.query(api.campaigns.list, {});
    const found = campaigns.find((campaign) => campaign.name === name);
    if (found === undefined) throw new Error(`The server has no campaign "${name}".`);
    return found._id;
  }

  async #command(command: unknown): Promise<void> {
    const response = await fetch(`${this.address}/faults`, {
      method: "POST",
      headers: { "x-tabweave-token": this.#token },
      body: JSON.stringify(command),
    });
    if (!response.ok) throw new Error(`The backend refused the rule: ${await response.text()}`);
  }
}

async function readyAddress(started: ChildProcess): Promise<string> {
  if (started.stdout === null) throw new Error("The backend has no output to read.");
  for await (const line of createInterface({ input: started.stdout })) {
    const address = /^ready (http:\S+)$/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error("The backend ended before it was ready.");
}
