import { convexCollection } from "tabweave/convex";
import { api } from "../../convex/_generated/api.js";
import type { Doc } from "../../convex/_generated/dataModel.js";

export type Interaction = Doc<"interactions">;
export type Status = Interaction["status"];
export type Participant = Interaction["participants"][number];

/** Every status with its name for people, in the order of a scene's life. */
export const STATUSES: readonly { status: Status; name: string }[] = [
  { status: "planned", name: "Planned" },
  { status: "live", name: "Live" },
  { status: "paused", name: "Paused" },
  { status: "completed", name: "Completed" },
];

export const interactions = convexCollection(api.interactions.list, { key: "_id" });

/** What comes after this turn; the same rule as the server's. */
export function nextTurn({
  round,
  turnIndex,
  participants,
}: Interaction): Pick<Interaction, "round" | "turnIndex"> {
  const next = turnIndex + 1;
  return next < participants.length ? { round, turnIndex: next } : { round: round + 1, turnIndex: 0 };
}

/** Whose turn it is; nobody's in a scene without participants. */
export function whoseTurn(interaction: Interaction): Participant | undefined {
  return interaction.participants[interaction.turnIndex];
}

export function nameOfStatus(status: Status): string {
  return STATUSES.find((known) => known.status === status)?.name ?? status;
}
