import type { OutboxEntry, TabweaveClient } from "tabweave";
import { advanceTurn } from "./advanceTurn.js";
import { changeStatus } from "./changeStatus.js";
import { createInteraction } from "./createInteraction.js";
import { editNote } from "./editNote.js";
import { type Interaction, nameOfStatus, type Status } from "./interactions.js";

type Keys = Pick<TabweaveClient, "keyOf">;

/** The scene that an operation changes; none for one that makes a scene. */
function sceneOf({ args, document }: OutboxEntry): string | undefined {
  return document?.id ?? text(args, "id");
}

/** Whether an operation changes this scene, which had a placeholder when it was new. */
export function isAbout(entry: OutboxEntry, { _id }: Interaction, { keyOf }: Keys): boolean {
  const named = sceneOf(entry);
  return named !== undefined && keyOf(named) === keyOf(_id);
}

/** What a person did, in their words. */
export function describe(entry: OutboxEntry, scenes: readonly Interaction[], keys: Keys): string {
  const scene = scenes.find((one) => isAbout(entry, one, keys))?.name ?? "A scene of another campaign";
  switch (entry.name) {
    case changeStatus.name:
      return `${scene}: status to ${nameOfStatus(text(entry.args, "status") as Status)}`;
    case advanceTurn.name:
      return `${scene}: next turn`;
    case editNote.name:
      return `${scene}: new note`;
    case createInteraction.name:
      return `New interaction: ${text(entry.args, "name") ?? ""}`;
    default:
      return entry.name;
  }
}

/** How far an operation has come, in words. */
export function progressOf({ state, why, attempts, error }: OutboxEntry): string {
  switch (state) {
    case "queued":
      return "Waits to be sent";
    case "running":
      return "Sent, not yet answered";
    case "waiting":
      return why === "no_handler"
        ? "Waits for a tab that can send it"
        : `Sent ${attempts} times, will be sent again`;
    case "parked":
      return why === "depends_on_failed"
        ? "Not sent: its scene could not be created"
        : "Sent, but nobody knows whether it took effect";
    case "dead":
      return reasonOf(error);
    case "done":
      return "Accepted by the server";
    case "cancelled":
      return "Withdrawn";
  }
}

/** What the server said, from the data of its ConvexError where it has some. */
export function reasonOf(error: OutboxEntry["error"]): string {
  const said = error?.cause;
  return text(field(said, "data"), "message") ?? text(said, "message") ?? "The server gave no reason.";
}

function text(value: unknown, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === "string" ? found : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
