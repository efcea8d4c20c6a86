// An app that says of which types its open values are. Compiled by itself: what it says counts everywhere.
import { conflictResolutionManager } from "tabweave/live-interaction/conflictResolution";
import { offlineActionQueue } from "tabweave/live-interaction/errorRecovery";

declare module "tabweave/live-interaction/errorRecovery" {
  interface Register {
    actionData: { text: string };
  }
}

declare module "tabweave/live-interaction/conflictResolution" {
  interface Register {
    conflictState: { status: string };
  }
}

export const texts: string[] = offlineActionQueue.getActions().map(({ data }) => data.text);
// @ts-expect-error of any type it would be there
export const lengths = offlineActionQueue.getActions().map(({ data }) => data.length);

const conflicts = conflictResolutionManager.getActiveConflicts();
export const statuses: string[] = conflicts.map(({ serverState }) => serverState.status);
// @ts-expect-error of any type it would be there
export const rounds = conflicts.map(({ clientState }) => clientState.round);
