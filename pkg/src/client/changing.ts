import { definitionOf } from "../definition/definitionOf.js";
import type { Definition } from "../definition/parts.js";
import { TabweaveError } from "../errors/error.js";
import type { Rooms } from "./rooms.js";
import type { OutboxEntry } from "./snapshots.js";
import type { MutationHandle, TabweaveClient } from "./types.js";

// Loaded when somebody changes their mind.

type Client = TabweaveClient & Rooms;

/** Puts an operation with another argument in the place of one that is not on its way; see `client.edit()`. */
export async function change(
  client: Client,
  id: string,
  argument: unknown,
): Promise<MutationHandle<unknown>> {
  const entry = find(client, id);
  const parts = client.handlers.find(entry.name);
  if (parts === undefined) throw new TabweaveError("not_registered", { detail: `“${entry.name}”.` });
  const definition = definitionOf(parts);
  await giveUp(client, entry);
  const mutate = client.mutate as (definition: Definition, argument: unknown) => MutationHandle<unknown>;
  const handle = mutate.call(client, definition, argument);
  // Only when the new one is safe: until then the old one is listed as a dead letter.
  await handle.persisted.catch((error: TabweaveError) => {
    // What is sensitive never is.
    if (error.code !== "sensitive_operation") throw error;
  });
  client.cancel(id);
  return handle;
}

/** Withdraws an operation, also one that may have taken effect; see `client.withdraw()`. */
export async function withdraw(client: Client, id: string): Promise<boolean> {
  const entry = find(client, id);
  return (await settleDoubt(client, entry)) && client.cancel(id);
}

function find(client: Client, id: string): OutboxEntry {
  const entry = client.outbox.getSnapshot().operations.find((one) => one.id === id);
  if (entry === undefined || !isChangeable(entry)) throw new TabweaveError("not_changeable");
  return entry;
}

function isChangeable({ state }: OutboxEntry): boolean {
  return state !== "running" && state !== "done" && state !== "cancelled";
}

/** Resolves when the operation is a dead letter, which nobody sends. */
async function giveUp(client: Client, entry: OutboxEntry): Promise<void> {
  if (!(await settleDoubt(client, entry))) {
    throw new TabweaveError("not_changeable", { detail: "It has taken effect." });
  }
  if (find(client, entry.id).state === "dead") return;
  if (!client.setAside(entry.id)) throw new TabweaveError("not_changeable");
  await ended(client, entry.id);
}

async function settleDoubt(client: Client, entry: OutboxEntry): Promise<boolean> {
  return (await client.use((core) => core.settleDoubt(entry))) ?? false;
}

/** Resolves when the operation is a dead letter; rejects if it comes to another end, or nobody will tell any more. */
function ended(client: Client, id: string): Promise<void> {
  const { tab } = client;
  return new Promise((resolve, reject) => {
    const stopSettled = client.onSettledAnywhere((operation) => {
      if (operation.id === id) end(operation.state === "dead" ? undefined : "not_changeable");
    });
    const stopTab = client.connectivity.subscribe(() => {
      if (client.tab !== tab) end("identity_changed");
    });
    function end(code: "not_changeable" | "identity_changed" | undefined): void {
      stopSettled();
      stopTab();
      if (code === undefined) resolve();
      else reject(new TabweaveError(code));
    }
  });
}
