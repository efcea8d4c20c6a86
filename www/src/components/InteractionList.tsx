import { useState } from "react";
import { useCollection, useTabweave } from "tabweave/react";
import type { Campaign } from "../operations/campaigns.js";
import { interactions } from "../operations/interactions.js";
import type { Role } from "../rooms/address.js";
import { useRefusalAnnouncements } from "../rooms/useRefusalAnnouncements.js";
import { useSceneAnnouncements } from "../rooms/useSceneAnnouncements.js";
import { BlankScenes } from "./BlankScenes.js";
import { CreateInteraction } from "./CreateInteraction.js";
import { ErrorNotice } from "./ErrorNotice.js";
import { InteractionCard } from "./InteractionCard.js";
import { StaleNotice } from "./StaleNotice.js";

/** One campaign at the table. */
export function InteractionList({ campaign, role }: { campaign: Campaign; role: Role }) {
  const { data, status, stale, error, pending } = useCollection(interactions, { campaignId: campaign._id });
  const { keyOf } = useTabweave();
  const [heard, setHeard] = useState(false);
  if (!heard && status === "success" && !stale) setHeard(true);
  useSceneAnnouncements(data);
  useRefusalAnnouncements(data);
  return (
    <>
      <div className="table-head">
        <h1>{campaign.name}</h1>
        {data !== undefined && data.length > 0 && (
          <p className="quiet">
            {count(data.length, "interaction")}, {data.filter((scene) => scene.status === "live").length} live
          </p>
        )}
      </div>
      {stale && !heard && <StaleNotice />}
      {status === "error" && <ErrorNotice error={error} what="The interactions" />}
      {status === "pending" && <BlankScenes />}
      {data?.length === 0 && <EmptyTable role={role} />}
      {data !== undefined && data.length > 0 && (
        <ul className="scenes">
          {data.map((scene) => (
            <InteractionCard
              key={keyOf(scene._id)}
              scene={scene}
              role={role}
              pending={pending.get(scene._id) ?? []}
            />
          ))}
        </ul>
      )}
      {role === "dungeon-master" && data !== undefined && <CreateInteraction campaign={campaign} />}
    </>
  );
}

function EmptyTable({ role }: { role: Role }) {
  return (
    <div className="empty">
      <h2>No interactions yet</h2>
      <p className="quiet">
        {role === "dungeon-master"
          ? "Create the first one below. Players see it at once."
          : "They appear here as soon as the dungeon master creates one."}
      </p>
    </div>
  );
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
