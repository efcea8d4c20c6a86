// The stage, with the error recovery of `tabweave/live-interaction/errorRecovery` and a component that uses it.
import { render } from "@testing-library/react";
import { type ReactElement, StrictMode } from "react";
import * as module from "tabweave/live-interaction/errorRecovery";
import { stage } from "./stage.js";

function Bar({ renders }: { renders: string[] }): ReactElement {
  const { isOnline, offlineActionCount, syncStatus, errorHistory } = module.useErrorRecovery();
  renders.push([isOnline, offlineActionCount, syncStatus, errorHistory.length].join(" "));
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

/** What the queue holds, without what differs from run to run. */
function actions(): object[] {
  return module.offlineActionQueue
    .getActions()
    .map(({ type, interactionId, data, priority, retryCount }) => ({
      type,
      interactionId,
      data,
      priority,
      retryCount,
    }));
}

/** The code of what a call throws or rejects with. */
async function codeOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

const codes = () => module.errorRecoveryManager.getState().errorHistory.map((it) => codeIn(it.originalError));
const codeIn = (error: unknown) => (error as { code?: unknown }).code;

const recovery = { ...module, showBar, actions, codeOf, codes };

declare global {
  interface Window {
    readonly recovery: typeof recovery;
  }
}

Object.assign(window, { recovery, stage });
