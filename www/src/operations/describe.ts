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
export function progressOf({ state, why, behind, error }: OutboxEntry): string {
  switch (state) {
    case "queued":
      return behind === undefined ? "Waits to be sent" : "Waits for the one before it";
    case "running":
      return "Sent, not yet answered";
    case "waiting":
    case "parked":
      return WAITING[why ?? "retry"];
    case "dead":
      return error?.code === "rejected" ? reasonOf(error) : (STOPPED[error?.code ?? ""] ?? reasonOf(error));
    case "done":
      return "Accepted by the server";
    case "cancelled":
      return "Withdrawn";
  }
}

const WAITING: Record<NonNullable<OutboxEntry["why"]>, string> = {
  retry: "It did not work yet, and will be tried again",
  connection: "The server did not answer; it will be tried again",
  overload: "The server is busy; it will be tried again",
  creator: "Waits for what is still to be made",
  no_handler: "Waits for a tab that can send it",
  conflict: "Somebody else was faster: decide what counts",
  signed_out: "Waits until you have signed in again",
  outcome_unknown: "Sent, but nobody knows whether it took effect",
  depends_on_failed: "Waits for something that could not be made",
};

const STOPPED: Readonly<Record<string, string>> = {
  attempts_exhausted: "It was tried several times and did not work",
  expired: "It was not sent in time",
  outcome_unknown: "Sent, but nobody knows whether it took effect",
  set_aside: "Set aside by you",
};

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
