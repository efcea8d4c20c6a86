// The embedded backend as a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const MAIN = fileURLToPath(new URL("../../www/backend/main.mjs", import.meta.url));

const living = new Set<ChildProcess>();
// However this process ends, no backend outlives it.
process.once("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

export class BackendProcess {
  private constructor(
    private readonly args: readonly string[],
    private child: ChildProcess,
    readonly port: number,
  ) {}

  /** Starts on a free port. */
  static async start(args: readonly string[]): Promise<BackendProcess> {
    const { child, port } = await launch(["--port", "0", ...args]);
    return new BackendProcess(args, child, port);
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended();
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async ended(): Promise<void> {
    if (this.isRunning) await once(this.child, "exit");
  }

  /** Starts again on the same port with the same file. */
  async restart(): Promise<void> {
    this.child = (await launch(["--port", String(this.port), ...this.args])).child;
  }
}

async function launch(args: string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  living.add(child);
  child.once("exit", () => living.delete(child));
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^ready http:\/\/127\.0\.0\.1:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) return { child, port: Number(port) };
  }
  throw new Error("The backend ended before it was ready.");
}
