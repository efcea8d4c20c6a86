import { useOutbox } from "tabweave/react";
import { describe, reasonOf, sceneOf } from "../operations/describe.js";
import type { Interaction } from "../operations/interactions.js";
import { Icon } from "./Icon.js";

/** What the server refused about this scene, until somebody decides what to do about it. */
export function Refusals({ scene }: { scene: Interaction }) {
  const { dead, retry, cancel } = useOutbox();
  const refused = dead.filter((entry) => entry.state === "dead" && sceneOf(entry) === scene._id);
  if (refused.length === 0) return null;
  return (
    <ul className="refusals">
      {refused.map((entry) => (
        <li key={entry.id} className="refusal">
          <p className="refusal-what">
            <Icon shape="refused" />
            Refused: {describe(entry, [scene])}
          </p>
          <p>{reasonOf(entry.error)}</p>
          <div className="row">
            <button type="button" className="button" onClick={() => retry(entry.id)}>
              Try again
            </button>
            <button type="button" className="button" onClick={() => cancel(entry.id)}>
              Discard
            </button>
          </div>
        </li>
      ))}
    </ul>
  );
}
