import type { Campaign } from "../operations/campaigns.js";
import type { Address } from "../rooms/address.js";
import { CampaignChoice } from "./CampaignChoice.js";
import { RoleSwitch } from "./RoleSwitch.js";

type MastheadProps = { address: Address; campaigns: readonly Campaign[]; campaign: Campaign | undefined };

export function Masthead({ address, campaigns, campaign }: MastheadProps) {
  return (
    <header className="masthead">
      <p className="masthead-mark">
        <img src="/icon.svg" alt="" width="28" height="28" />
        Campaign table
      </p>
      <CampaignChoice campaigns={campaigns} chosen={campaign} />
      <RoleSwitch role={address.role} />
    </header>
  );
}
