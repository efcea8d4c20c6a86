import { useEffect, useRef } from "react";
import { type Interaction, nameOfStatus, whoseTurn } from "../operations/interactions.js";
import { announce } from "./announcements.js";

/** Announces turns and statuses that change, whoever changed them; not what was there to begin with. */
export function useSceneAnnouncements(scenes: readonly Interaction[] | undefined): void {
  const before = useRef<readonly Interaction[]>(undefined);
  useEffect(() => {
    for (const scene of scenes ?? []) {
      const earlier = before.current?.find(({ _id }) => _id === scene._id);
      if (earlier === undefined) continue;
      if (earlier.status !== scene.status) announce(`${scene.name}: now ${nameOfStatus(scene.status)}.`);
      if (earlier.round !== scene.round || earlier.turnIndex !== scene.turnIndex) announce(turnOf(scene));
    }
    before.current = scenes;
  }, [scenes]);
}

function turnOf(scene: Interaction): string {
  return `${scene.name}: round ${scene.round}, turn of ${whoseTurn(scene)?.name ?? "nobody"}.`;
}
