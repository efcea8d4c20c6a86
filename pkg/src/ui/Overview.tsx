"use client";

import { type ReactElement, useRef } from "react";
import { useToolbar } from "react-aria/useToolbar";
import { useResolver } from "./context.js";
import { Icon } from "./Icon.js";

interface OverviewProps {
  readonly progress: { readonly decided: number; readonly total: number };
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly onAll: (side: "local" | "server") => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
}

/** How far one is, and what is done to all parts at once. */
export function Overview({ progress, canUndo, canRedo, onAll, onUndo, onRedo }: OverviewProps): ReactElement {
  const { messages, wording, isBusy } = useResolver();
  const ref = useRef<HTMLDivElement>(null);
  const { toolbarProps } = useToolbar({ "aria-label": messages.allParts }, ref);
  const said = messages.progress(progress, wording);
  // What cannot be done now can still have the focus: it would be lost with each last undo.
  const act = (isPossible: boolean, action: () => void) => ({
    type: "button" as const,
    className: "tabweave-button",
    "aria-disabled": isBusy || !isPossible,
    onClick: () => !isBusy && isPossible && action(),
  });
  const hasAny = progress.total > 0;
  return (
    <div className="tabweave-overview">
      <div className="tabweave-progress" data-all={progress.decided === progress.total || undefined}>
        <span aria-hidden="true">{said}</span>
        <progress value={progress.decided} max={Math.max(progress.total, 1)} aria-label={said} />
      </div>
      <div {...toolbarProps} ref={ref} className="tabweave-actions">
        <button {...act(hasAny, () => onAll("local"))}>
          <Icon name="mine" />
          {messages.allMine}
        </button>
        <button {...act(hasAny, () => onAll("server"))}>
          <Icon name="theirs" />
          {messages.allTheirs}
        </button>
        <button {...act(canUndo, onUndo)} aria-keyshortcuts="Control+Z Meta+Z">
          <Icon name="undo" />
          {messages.undo}
        </button>
        <button {...act(canRedo, onRedo)} aria-keyshortcuts="Control+Shift+Z Meta+Shift+Z">
          <Icon name="redo" />
          {messages.redo}
        </button>
      </div>
    </div>
  );
}
