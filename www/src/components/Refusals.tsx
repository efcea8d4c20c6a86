import { useOutbox, useTabweave } from "tabweave/react";
import { describe, isAbout, reasonOf } from "../operations/describe.js";
import type { Interaction } from "../operations/interactions.js";
import { Icon } from "./Icon.js";

/** What the server refused about this scene, until somebody decides what to do about it. */
export function Refusals({ scene }: { scene: Interaction }) {
  const client = useTabweave();
  const { dead, retry, cancel } = useOutbox();
  const refused = dead.filter((entry) => entry.state === "dead" && isAbout(entry, scene, client));
  if (refused.length === 0) return null;
  return (
    <ul className="refusals">
      {refused.map((entry) => (
        <li key={entry.id} className="refusal">
          <p className="refusal-what">
            <Icon shape="refused" />
            Refused: {describe(entry, [scene], client)}
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
