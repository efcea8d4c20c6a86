"use client";

import { type ReactElement, type RefObject, useEffect, useRef, useState } from "react";
import { useResolver } from "./context.js";
import type { Resolving } from "./useResolving.js";

interface FinishProps {
  readonly state: Resolving<unknown>;
  readonly isDecided: boolean;
  readonly saveRef: RefObject<HTMLButtonElement | null>;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
  readonly onRetry: () => void;
  readonly onLater: (() => void) | undefined;
}

/** How one leaves: with the result, without one's own change, or for now. */
export function Finish(props: FinishProps): ReactElement {
  const { state, isDecided, saveRef, onSave, onDiscard, onRetry, onLater } = props;
  const { messages, isBusy } = useResolver();
  const [isAsking, setAsking] = useState(false);
  const discard = useRef<HTMLButtonElement>(null);
  const isSaved = state.phase === "saved";
  const when = (action: () => void) => ({
    type: "button" as const,
    className: "tabweave-button",
    "aria-disabled": isBusy || isSaved,
    onClick: () => !isBusy && !isSaved && action(),
  });
  const stay = () => {
    setAsking(false);
    discard.current?.focus();
  };
  const giveUp = () => {
    setAsking(false);
    saveRef.current?.focus();
    onDiscard();
  };
  return (
    <div className="tabweave-finish">
      {state.phase === "failed" && (
        <div role="alert" className="tabweave-failed">
          {messages.failed(state.error)}
        </div>
      )}
      {isAsking && <Question onYes={giveUp} onNo={stay} />}
      <div className="tabweave-actions">
        {state.phase === "failed" && (
          <button {...when(onRetry)} data-main>
            {messages.retry}
          </button>
        )}
        <button
          {...when(onSave)}
          ref={saveRef}
          data-main={state.phase !== "failed" || undefined}
          data-ready={isDecided}
        >
          {state.phase === "saving" ? messages.saving : isSaved ? messages.saved : messages.save}
        </button>
        {onLater && <button {...when(onLater)}>{messages.later}</button>}
        <button {...when(() => setAsking(true))} ref={discard} data-slight>
          {messages.discard}
        </button>
      </div>
    </div>
  );
}

function Question({ onYes, onNo }: { onYes: () => void; onNo: () => void }): ReactElement {
  const { messages } = useResolver();
  const no = useRef<HTMLButtonElement>(null);
  useEffect(() => no.current?.focus(), []);
  return (
    <fieldset
      className="tabweave-question"
      aria-label={messages.discardQuestion}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        onNo();
      }}
    >
      <p>{messages.discardQuestion}</p>
      <div className="tabweave-actions">
        <button type="button" ref={no} className="tabweave-button" onClick={onNo}>
          {messages.discardNo}
        </button>
        <button type="button" className="tabweave-button" data-grave onClick={onYes}>
          {messages.discardYes}
        </button>
      </div>
    </fieldset>
  );
}
