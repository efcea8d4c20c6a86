import { useId } from "react";
import { useOperation } from "tabweave/react";
import { advanceTurn } from "../operations/advanceTurn.js";
import type { Interaction } from "../operations/interactions.js";
import type { Role } from "../rooms/address.js";
import { Icon } from "./Icon.js";
import { NoteEditor } from "./NoteEditor.js";
import { PendingMark } from "./PendingMark.js";
import { Refusals } from "./Refusals.js";
import { StatusBadge } from "./StatusBadge.js";
import { StatusControl } from "./StatusControl.js";
import { TurnOrder } from "./TurnOrder.js";

type InteractionCardProps = {
  scene: Interaction;
  role: Role;
  /** The operations on this scene that the server has not confirmed. */
  pending: readonly string[];
};

export function InteractionCard({ scene, role, pending }: InteractionCardProps) {
  const heading = useId();
  return (
    <li>
      <article
        className="card"
        aria-labelledby={heading}
        data-scene={scene._id}
        data-status={scene.status}
        data-pending={pending.length > 0 || undefined}
      >
        <header className="card-head">
          <h2 id={heading}>{scene.name}</h2>
          <StatusBadge status={scene.status} />
        </header>
        <PendingMark changes={pending.length} />
        <Refusals scene={scene} />
        <TurnOrder scene={scene} />
        <NoteEditor scene={scene} />
        {role === "dungeon-master" && <DungeonMasterControls scene={scene} />}
      </article>
    </li>
  );
}

function DungeonMasterControls({ scene }: { scene: Interaction }) {
  const { mutate } = useOperation(advanceTurn);
  return (
    <div className="card-controls">
      <StatusControl scene={scene} />
      {scene.status === "live" && scene.participants.length > 0 && (
        <button type="button" className="button button-main" onClick={() => mutate({ id: scene._id })}>
          <Icon shape="turn" />
          Next turn<span className="unseen"> in {scene.name}</span>
        </button>
      )}
    </div>
  );
}
