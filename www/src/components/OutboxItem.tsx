import type { OutboxEntry } from "tabweave";
import { useTabweave } from "tabweave/react";
import { describe, progressOf } from "../operations/describe.js";
import type { Interaction } from "../operations/interactions.js";

type OutboxItemProps = {
  entry: OutboxEntry;
  scenes: readonly Interaction[];
  onRetry(): void;
  onDiscard(): void;
};

export function OutboxItem({ entry, scenes, onRetry, onDiscard }: OutboxItemProps) {
  const what = describe(entry, scenes, useTabweave());
  const stopped = entry.state === "dead" || entry.state === "parked";
  return (
    <li className="outbox-entry" data-dead={entry.state === "dead" || undefined}>
      <p className="outbox-what">
        <strong>{entry.state === "dead" ? `Refused: ${what}` : what}</strong>
        <span className="outbox-state">{progressOf(entry)}</span>
      </p>
      <div className="row">
        {stopped && (
          <button type="button" className="button" onClick={onRetry}>
            Try again<span className="unseen">: {what}</span>
          </button>
        )}
        {entry.state !== "running" && (
          <button type="button" className="button" onClick={onDiscard}>
            {stopped ? "Discard" : "Withdraw"}
            <span className="unseen">: {what}</span>
          </button>
        )}
      </div>
    </li>
  );
}
