// The stage, with the conflict resolution of `tabweave/live-interaction/conflictResolution` and a component that uses it.
import { render } from "@testing-library/react";
import { type ReactElement, StrictMode } from "react";
import { ConflictError, type MutationHandle, type TabweaveClient, type TabweaveOptions } from "tabweave";
import * as module from "tabweave/live-interaction/conflictResolution";
import { type Note, stage } from "./stage.js";

function Bar({ renders }: { renders: string[] }): ReactElement {
  const { activeConflicts, stats } = module.useConflictResolution();
  renders.push(`${activeConflicts.map(({ clientState }) => clientState.text).join()} ${stats.resolved}`);
  return <p>{renders.at(-1)}</p>;
}

function showBar(): string[] {
  const renders: string[] = [];
  render(
    <StrictMode>
      <Bar renders={renders} />
    </StrictMode>,
  );
  return renders;
}

/** What the server holds against the edit of `parked`: others changed the text, and something else. */
const theirs = { id: "1", list: "a", text: "theirs", extra: { theirs: 1 } };

/** A client with an edit that waits for a person, because both sides changed the text. */
async function parked(
  current: ConstructorParameters<typeof ConflictError>[0] = { document: theirs },
  options: TabweaveOptions = {},
  next: Partial<Note> = { extra: { mine: 1 } },
): Promise<{ tabweave: TabweaveClient; handle: MutationHandle<unknown> }> {
  const tabweave = await stage.ready(options);
  stage.server.answer = ({ name }) => {
    if (name === "editNote") throw new ConflictError(current);
    return "done";
  };
  const handle = tabweave.mutate(stage.editNote, {
    id: "1",
    next: { id: "1", list: "a", text: "mine", ...next },
  });
  await stage.until(() => tabweave.conflicts.getSnapshot().length === 1);
  stage.server.answer = () => "done";
  return { tabweave, handle };
}

const manager = module.conflictResolutionManager;
/** Why the last resolution was refused. */
const why = () => manager.getAuditLog(1)[0]?.details.why;
const codes = (tabweave: TabweaveClient) => tabweave.diagnostics.getSnapshot().map(({ code }) => code);

const resolution = { ...module, showBar, parked, theirs, why, codes };

declare global {
  interface Window {
    readonly resolution: typeof resolution;
  }
}

Object.assign(window, { resolution, stage });
