import { useDeadLetters, useTabweave } from "tabweave/react";
import { describe, isAbout, reasonOf } from "../operations/describe.js";
import type { Interaction } from "../operations/interactions.js";
import { Icon } from "./Icon.js";

/** What the server refused about this scene, until somebody decides what to do about it. */
export function Refusals({ scene }: { scene: Interaction }) {
  const client = useTabweave();
  const refused = useDeadLetters().filter((letter) => isAbout(letter, scene, client));
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
            <button type="button" className="button" onClick={() => entry.retry()}>
              Try again
            </button>
            <button type="button" className="button" onClick={() => void entry.discard().catch(staysListed)}>
              Discard
            </button>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The server is not there to say whether it took effect after all. */
function staysListed(): void {}
