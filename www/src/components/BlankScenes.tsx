import { useConnectivity } from "tabweave/react";

/** Room for what is being loaded, so that the page does not jump when it comes. */
export function BlankScenes() {
  const { connected } = useConnectivity();
  return (
    <div aria-busy="true">
      <p className={connected ? "unseen" : "blank-reason"}>
        {connected
          ? "Loading the interactions."
          : "The server cannot be reached, and nothing is kept from an earlier visit. This page goes on by itself once it can."}
      </p>
      <div className="scenes" aria-hidden="true">
        <div className="card-blank" />
        <div className="card-blank" />
      </div>
    </div>
  );
}
