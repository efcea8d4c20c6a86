import type { TabweaveClient } from "../../client/types.js";
import { ChosenClient } from "../chosenClient.js";

export const chosen = new ChosenClient();

/**
 * Says which client the conflict resolution of this page works with: needed only where a page has several. The returned
 * function takes that back.
 */
export function connectConflictResolution(client: TabweaveClient): () => void {
  return chosen.connect(client);
}
