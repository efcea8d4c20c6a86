// An app's Convex side: its functions, by their references, and the embedded backend that runs them.
import { fileURLToPath } from "node:url";
import { ConvexReactClient, type ConvexReactClientOptions } from "convex/react";
import { type ApiFromModules, anyApi } from "convex/server";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { SourceCall } from "../../../pkg/src/source.js";
import { Backend } from "../../backend/backend.js";
import type * as errands from "./functions/errands.js";
import type * as notes from "./functions/notes.js";
import type * as tabweave from "./functions/tabweave.js";

export const api = anyApi as unknown as ApiFromModules<{
  errands: typeof errands;
  notes: typeof notes;
  tabweave: typeof tabweave;
}>;

const FUNCTIONS = fileURLToPath(new URL("functions", import.meta.url));

export function startBackend(): Promise<Backend> {
  return Backend.start(["--faults", "--token", "open-sesame", "--functions", FUNCTIONS]);
}

/** As in a browser, what is thrown where a message is heard ends nothing; the client throws at a fatal error. */
class BrowserSocket extends WebSocket {
  override emit(event: string | symbol, ...told: unknown[]): boolean {
    try {
      return super.emit(event, ...told);
    } catch (error) {
      if (!String(error).includes("[CONVEX FATAL ERROR]")) throw error;
      return true;
    }
  }
}

/** The client that apps use, over the backend's socket. */
export function reactClient(backend: Backend, options: ConvexReactClientOptions = {}): ConvexReactClient {
  const client = new ConvexReactClient(backend.address, {
    webSocketConstructor: BrowserSocket as unknown as typeof globalThis.WebSocket,
    unsavedChangesWarning: false,
    logger: false,
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

const forever = new AbortController().signal;

/** A call whose first attempt is this one, and which is waited for until it is answered. */
export function callOf(
  call: Pick<SourceCall, "reference" | "args" | "key"> & Partial<SourceCall>,
): SourceCall {
  return { firstAttemptMs: Date.now(), signal: forever, ...call };
}

/** The texts in a list of notes. */
export function texts(result: unknown): string[] | undefined {
  return (result as Array<{ text: string }> | undefined)?.map(({ text }) => text);
}
