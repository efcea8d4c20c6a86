import { useEffect } from "react";
import { useCollection } from "tabweave/react";
import { campaigns } from "../operations/campaigns.js";
import { useAddress } from "../rooms/address.js";
import { Announcer } from "./Announcer.js";
import { BlankScenes } from "./BlankScenes.js";
import { Conflicts } from "./Conflicts.js";
import { ErrorNotice } from "./ErrorNotice.js";
import { InteractionList } from "./InteractionList.js";
import { Masthead } from "./Masthead.js";
import { NewBuildNotice } from "./NewBuildNotice.js";
import { SessionBar } from "./SessionBar.js";
import { TroubleNotice } from "./TroubleNotice.js";

export function App() {
  const address = useAddress();
  const { data: listed = [], status, error } = useCollection(campaigns, {});
  const campaign = listed.find(({ _id }) => _id === address.campaign) ?? listed[0];

  useEffect(() => {
    const view = address.role === "player" ? "player" : "dungeon master";
    document.title = campaign === undefined ? "Campaign table" : `${campaign.name} (${view})`;
  }, [campaign, address.role]);

  return (
    <div className="page">
      <a className="skip" href="#table">
        Skip to the interactions
      </a>
      <Masthead address={address} campaigns={listed} campaign={campaign} />
      <main id="table" className="table" tabIndex={-1}>
        <NewBuildNotice />
        <TroubleNotice />
        <Conflicts />
        {status === "error" && <ErrorNotice what="The campaigns" error={error} />}
        {campaign !== undefined && (
          <InteractionList key={campaign._id} campaign={campaign} role={address.role} />
        )}
        {campaign === undefined && status === "pending" && (
          <>
            <h1 className="unseen">Campaign table</h1>
            <BlankScenes />
          </>
        )}
        {campaign === undefined && status === "success" && (
          <div className="empty">
            <h1>No campaign yet</h1>
            <p className="quiet">
              Run <code>npx convex run seed:run</code> to add two sample campaigns to this deployment.
            </p>
          </div>
        )}
      </main>
      <SessionBar campaign={campaign} />
      <Announcer />
    </div>
  );
}
