import { useOperation } from "tabweave/react";
import { changeStatus } from "../operations/changeStatus.js";
import { type Interaction, STATUSES } from "../operations/interactions.js";
import { Icon } from "./Icon.js";

/** Every status can be asked for; whether it is allowed is the server's to say. */
export function StatusControl({ scene }: { scene: Interaction }) {
  const { mutate } = useOperation(changeStatus);
  return (
    <fieldset className="statuses">
      <legend className="unseen">Status of {scene.name}</legend>
      {STATUSES.map(({ status, name }) => (
        <button
          key={status}
          type="button"
          className="statuses-choice"
          data-status={status}
          aria-pressed={scene.status === status}
          onClick={() => scene.status !== status && mutate({ id: scene._id, status })}
        >
          <Icon shape={status} />
          {name}
        </button>
      ))}
    </fieldset>
  );
}
