import { defineEdit, defineOperation, isTabweaveError } from "tabweave";
import { campaigns } from "../operations/campaigns.js";
import { interactions } from "../operations/interactions.js";
import { client, operations } from "./client.js";
import { onLoopback } from "./deployment.js";

/** What tests and the developer's console work with. */
export type Probe = typeof probe;

const collections = { campaigns, interactions };
const probe = { client, operations, collections, defineOperation, defineEdit, isTabweaveError };

/** A page on a real host shows nothing of this. */
export function offerProbe(): void {
  const asked = onLoopback() && new URLSearchParams(location.search).has("probe");
  if (import.meta.env.DEV || asked) Object.assign(window, { tabweaveDemo: probe });
}
