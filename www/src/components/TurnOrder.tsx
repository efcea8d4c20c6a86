import { type Interaction, whoseTurn } from "../operations/interactions.js";
import { Icon } from "./Icon.js";

/** Who takes turns, in order, and whose turn it is. */
export function TurnOrder({ scene }: { scene: Interaction }) {
  if (scene.participants.length === 0) return <p className="quiet">Nobody takes turns here yet.</p>;
  const playing = scene.status === "live" || scene.status === "paused";
  return (
    <div className="turns">
      <p className="turns-summary">
        <span className="turns-round">Round {scene.round}</span>
        {playing && <span>Turn of {whoseTurn(scene)?.name}</span>}
      </p>
      <ol className="turns-order" aria-label={`Turn order of ${scene.name}`}>
        {scene.participants.map((participant, position) => {
          const current = playing && position === scene.turnIndex;
          return (
            <li
              key={participant.id}
              className="turns-participant"
              data-kind={participant.kind}
              aria-current={current ? "step" : undefined}
            >
              {current && <Icon shape="turn" />}
              {participant.name}
              {participant.kind === "npc" && <span className="turns-kind">NPC</span>}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
