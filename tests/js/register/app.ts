// An app that says of which type the data of its actions is. Compiled by itself: what it says counts everywhere.
import { offlineActionQueue } from "tabweave/live-interaction/errorRecovery";

declare module "tabweave/live-interaction/errorRecovery" {
  interface Register {
    actionData: { text: string };
  }
}

export const texts: string[] = offlineActionQueue.getActions().map(({ data }) => data.text);
// @ts-expect-error of any type it would be there
export const lengths = offlineActionQueue.getActions().map(({ data }) => data.length);
