import type { Participant } from "./interactions.js";

/** One player for each name between commas. */
export function participantsNamed(names: string): Participant[] {
  return names
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map((name, position) => ({ id: `p${position + 1}`, name, kind: "player" }));
}
