import { ConvexReactClient } from "convex/react";
import { deploymentAddress } from "./deployment.js";

/** The one connection of this page. What people do is kept by Tabweave, so leaving the page loses nothing. */
export const convex = new ConvexReactClient(deploymentAddress(), {
  unsavedChangesWarning: false,
  // Refusals and lost connections are shown on the page.
  logger: import.meta.env.DEV,
});
