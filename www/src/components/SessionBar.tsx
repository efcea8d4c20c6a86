import { useId, useState } from "react";
import { useConnectivity, useOutbox } from "tabweave/react";
import type { Campaign } from "../operations/campaigns.js";
import { Icon } from "./Icon.js";
import { Outbox } from "./Outbox.js";
import { SessionFact } from "./SessionFact.js";

const ROLES = { leader: "Leader", follower: "Follower", starting: "Starting" };

/** How this tab stands: its connection, what it still has to send, its place among the tabs. */
export function SessionBar({ campaign }: { campaign: Campaign | undefined }) {
  const outboxId = useId();
  const [open, setOpen] = useState(false);
  const { online, connected, role } = useConnectivity();
  const { waiting, dead } = useOutbox();
  return (
    <section className="session" aria-label="This tab">
      {open && <Outbox id={outboxId} campaign={campaign} />}
      <div className="session-bar">
        <dl>
          <SessionFact name="Connection" tone={connected ? "good" : "warn"}>
            <Icon shape={connected ? "online" : "offline"} />
            {connected ? "Connected" : online ? "Connecting" : "Offline"}
          </SessionFact>
          <SessionFact name="Waiting">{waiting}</SessionFact>
          {dead.length > 0 && (
            <SessionFact name="Stopped" tone="warn">
              {dead.length}
            </SessionFact>
          )}
          <SessionFact name="Tab">
            {role !== "starting" && <Icon shape={role} />}
            {ROLES[role]}
          </SessionFact>
        </dl>
        <button
          type="button"
          className="button button-slight session-opener"
          aria-expanded={open}
          aria-controls={open ? outboxId : undefined}
          onClick={() => setOpen(!open)}
        >
          Outbox
          <Icon shape="fold" />
        </button>
      </div>
    </section>
  );
}
