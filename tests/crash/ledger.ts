// The backend of the proof and what took effect on it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConvexHttpClient } from "convex/browser";
import { type ApiFromModules, anyApi } from "convex/server";
import { BackendProcess } from "../backend/process.js";
import type * as functions from "./functions/ledger.js";
import type { Entry } from "./reconciliation.js";

const FUNCTIONS = fileURLToPath(new URL("../../tests/crash/functions", import.meta.url));
const DATA = "data.json";
const api = anyApi as unknown as ApiFromModules<{ ledger: typeof functions }>;

export class Ledger {
  /** What took effect before the backend was last emptied. */
  readonly #earlier: Entry[] = [];

  private constructor(
    readonly backend: BackendProcess,
    private readonly folder: string,
  ) {}

  static async open(): Promise<Ledger> {
    const folder = await mkdtemp(join(tmpdir(), "tabweave-crash-backend-"));
    const args = ["--data", join(folder, DATA), "--functions", FUNCTIONS, "--empty"];
    return new Ledger(await BackendProcess.start(args), folder);
  }

  /** Everything that took effect, oldest first. */
  async entries(): Promise<Entry[]> {
    const client = new ConvexHttpClient(this.backend.address, { logger: false });
    return [...this.#earlier, ...(await client.query(api.ledger.list, {}))];
  }

  /**
   * Goes on with an empty backend, whose reads take as long as it holds documents. Nothing may be under way: it
   * forgets the keys of what it has done, so that whatever is sent once more counts as doubled.
   */
  async empty(): Promise<void> {
    const entries = await this.entries();
    await this.backend.kill();
    await rm(join(this.folder, DATA), { force: true });
    await this.backend.restart();
    this.#earlier.splice(0, Number.POSITIVE_INFINITY, ...entries);
  }

  async close(): Promise<void> {
    await this.backend.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
