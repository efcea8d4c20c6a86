import { useId } from "react";
import type { OutboxEntry } from "tabweave";
import { useCollection, useOutbox } from "tabweave/react";
import type { Campaign } from "../operations/campaigns.js";
import { interactions } from "../operations/interactions.js";
import { DeadLetters } from "./DeadLetters.js";
import { Decisions } from "./Decisions.js";
import { OutboxItem } from "./OutboxItem.js";

/** What was done in this browser and has not come to its end, whichever tab did it. */
export function Outbox({ id, campaign }: { id: string; campaign: Campaign | undefined }) {
  const heading = useId();
  const { operations, retry, cancel } = useOutbox();
  const { data: scenes = [] } = useCollection(
    interactions,
    campaign === undefined ? "skip" : { campaignId: campaign._id },
  );
  const open = operations.filter(isOpen);
  return (
    <section id={id} className="outbox" aria-labelledby={heading}>
      <div className="outbox-inside">
        <h2 id={heading}>Outbox</h2>
        {open.length === 0 ? (
          <p className="quiet">Everything you did has reached the server.</p>
        ) : (
          <ol className="outbox-list">
            {open.map((entry) => (
              <OutboxItem
                key={entry.id}
                entry={entry}
                scenes={scenes}
                onRetry={() => retry(entry.id)}
                onDiscard={() => cancel(entry.id)}
              />
            ))}
          </ol>
        )}
        <DeadLetters />
        <Decisions />
      </div>
    </section>
  );
}

function isOpen({ state }: OutboxEntry): boolean {
  return state !== "done" && state !== "cancelled";
}
