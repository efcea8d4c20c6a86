// An app's Convex side: its functions, by their references, and the embedded backend that runs them.
import { fileURLToPath } from "node:url";
import { ConvexReactClient } from "convex/react";
import { type ApiFromModules, anyApi } from "convex/server";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { Backend } from "../../backend/backend.js";
import type * as notes from "./functions/notes.js";
import type * as tabweave from "./functions/tabweave.js";

export const api = anyApi as unknown as ApiFromModules<{ notes: typeof notes; tabweave: typeof tabweave }>;

const FUNCTIONS = fileURLToPath(new URL("functions", import.meta.url));

export function startBackend(): Promise<Backend> {
  return Backend.start(["--faults", "--token", "open-sesame", "--functions", FUNCTIONS]);
}

/** The client that apps use, over the backend's socket. */
export function reactClient(backend: Backend): ConvexReactClient {
  const client = new ConvexReactClient(backend.address, {
    webSocketConstructor: WebSocket as unknown as typeof globalThis.WebSocket,
    unsavedChangesWarning: false,
    logger: false,
  });
  onTestFinished(() => client.close());
  return client;
}
