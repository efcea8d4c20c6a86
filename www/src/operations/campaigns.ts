import { convexCollection } from "tabweave/convex";
import { api } from "../../convex/_generated/api.js";
import type { Doc } from "../../convex/_generated/dataModel.js";

export type Campaign = Doc<"campaigns">;

export const campaigns = convexCollection(api.campaigns.list, { key: "_id" });
