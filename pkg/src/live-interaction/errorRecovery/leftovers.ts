import { TabweaveError } from "../../errors/error.js";
import { ownError } from "../../recovery/own.js";
import { read } from "../../recovery/read.js";
import { accepted, type PageClient } from "../pageClient.js";
import type { ActionLabels } from "./actionLabels.js";
import { isPriority } from "./actionOf.js";
import { derivedId } from "./derivedId.js";
import { noHandler, registered } from "./registered.js";

/** Where the module that this one takes the place of kept its queue: a list in JSON, in localStorage. */
const LEFTOVERS_KEY = "live-interaction-offline-queue";

// The queue is the origin's and not one identity's, so its lock is, too.
const LOCK = "tabweave/leftovers";

/** An action as it was left, with the text by which it is found again. */
interface Leftover {
  readonly type: string;
  readonly entry: unknown;
  readonly text: string;
}

/** What was told already: each is told once a page. */
const told = new Set<string>();

/**
 * Makes operations of the actions that an earlier version of the app left in localStorage, for whoever is signed in.
 * An action leaves localStorage once its operation is persisted. Its operation has an id made of the action, so an
 * action that is taken over twice, by two tabs or after a crash in between, is one operation. What cannot be read,
 * or has no registered operation, is left where it is and told as a diagnostic.
 */
export async function takeOverLeftovers(client: PageClient, labels: ActionLabels): Promise<void> {
  if (client.identity === undefined || storedText() === null) return;
  const { locks } = navigator;
  if (locks === undefined) return takeOver(client, labels);
  // Whoever holds the lock is at it.
  await locks.request(LOCK, { ifAvailable: true }, (lock) =>
    lock === null ? undefined : takeOver(client, labels),
  );
}

async function takeOver(client: PageClient, labels: ActionLabels): Promise<void> {
  const entries = storedEntries();
  if (entries === undefined) {
    tellOnce(client, unreadable("It holds no list."), "");
    return;
  }
  // The same entry twice is one action.
  const distinct = new Map(entries.map((entry, index) => [JSON.stringify(entry), { entry, index }]));
  // All in one task, so that they keep their order.
  const begun = [...distinct].map(([text, { entry, index }]) => begin(client, labels, text, entry, index));
  await Promise.all(begun);
}

/** Resolves when the entry is persisted and gone from localStorage, or was left there. */
async function begin(
  client: PageClient,
  labels: ActionLabels,
  text: string,
  entry: unknown,
  index: number,
): Promise<void> {
  const id = read(entry, "id");
  const type = read(entry, "type");
  if (typeof id !== "string" || id === "" || typeof type !== "string" || type === "") {
    tellOnce(client, unreadable(`Entry ${index} has no \`id\` or no \`type\`.`), text);
    return;
  }
  if (client.handlers.find(type) === undefined) {
    tellOnce(client, noHandler(type), text);
    return;
  }
  if (await isPersisted(client, labels, { type, entry, text })) forget(text);
}

async function isPersisted(client: PageClient, labels: ActionLabels, leftover: Leftover): Promise<boolean> {
  const { type, entry, text } = leftover;
  const id = derivedId(`${client.namespace}\n${client.identity}\n${text}`);
  const interactionId = read(entry, "interactionId");
  const left = read(entry, "priority");
  const priority = isPriority(left) ? left : "medium";
  try {
    const { persisted } = accepted(client, () =>
      client.mutateAs(id, registered(client, type), read(entry, "data"), { priority }),
    );
    labels.add(id, { interactionId: typeof interactionId === "string" ? interactionId : "", priority });
    await persisted;
    return true;
  } catch (error) {
    // Accepted before, by another tab or before a crash.
    return ownError(error)?.code === "duplicate_operation";
  }
}

function tellOnce(client: PageClient, error: TabweaveError, text: string): void {
  const key = `${error.code} ${text}`;
  if (told.has(key)) return;
  told.add(key);
  client.diagnostics.add(error);
}

function unreadable(detail: string): TabweaveError {
  return new TabweaveError("record_unreadable", { detail: `“${LEFTOVERS_KEY}” of localStorage: ${detail}` });
}

function storedText(): string | null {
  try {
    return localStorage.getItem(LEFTOVERS_KEY);
  } catch {
    // There is no localStorage, so nothing was left there.
    return null;
  }
}

/** Undefined: what is there is no list. */
function storedEntries(): unknown[] | undefined {
  try {
    const entries: unknown = JSON.parse(storedText() ?? "[]");
    return Array.isArray(entries) ? entries : undefined;
  } catch {
    return undefined;
  }
}

/** Takes an entry out, and leaves what another tab may have put there meanwhile. */
function forget(text: string): void {
  const entries = storedEntries();
  const others = entries?.filter((entry) => JSON.stringify(entry) !== text);
  if (others === undefined || others.length === entries?.length) return;
  try {
    if (others.length === 0) localStorage.removeItem(LEFTOVERS_KEY);
    else localStorage.setItem(LEFTOVERS_KEY, JSON.stringify(others));
  } catch {
    // It is taken over again, as the same operation.
  }
}
