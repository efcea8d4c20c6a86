import { useId } from "react";
import type { Campaign } from "../operations/campaigns.js";
import { go } from "../rooms/address.js";

type CampaignChoiceProps = { campaigns: readonly Campaign[]; chosen: Campaign | undefined };

export function CampaignChoice({ campaigns, chosen }: CampaignChoiceProps) {
  const id = useId();
  return (
    <div className="campaign-choice">
      <label htmlFor={id}>Campaign</label>
      <select
        id={id}
        value={chosen?._id ?? ""}
        disabled={campaigns.length === 0}
        onChange={(event) => go({ campaign: event.target.value })}
      >
        {chosen === undefined && <option value="">None</option>}
        {campaigns.map(({ _id, name }) => (
          <option key={_id} value={_id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
