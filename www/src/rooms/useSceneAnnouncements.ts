import { useEffect, useRef } from "react";
import { useTabweave } from "tabweave/react";
import { type Interaction, nameOfStatus, whoseTurn } from "../operations/interactions.js";
import { announce } from "./announcements.js";

/** Announces turns and statuses that change, whoever changed them; not what was there to begin with. */
export function useSceneAnnouncements(scenes: readonly Interaction[] | undefined): void {
  const { keyOf } = useTabweave();
  const before = useRef<readonly Interaction[]>(undefined);
  useEffect(() => {
    for (const scene of scenes ?? []) {
      const earlier = before.current?.find(({ _id }) => keyOf(_id) === keyOf(scene._id));
      if (earlier === undefined) continue;
      if (earlier.status !== scene.status) announce(`${scene.name}: now ${nameOfStatus(scene.status)}.`);
      if (earlier.round !== scene.round || earlier.turnIndex !== scene.turnIndex) announce(turnOf(scene));
    }
    before.current = scenes;
  }, [scenes, keyOf]);
}

function turnOf(scene: Interaction): string {
  return `${scene.name}: round ${scene.round}, turn of ${whoseTurn(scene)?.name ?? "nobody"}.`;
}
