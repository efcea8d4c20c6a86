"use client";

import { type ReactElement, type RefObject, useRef } from "react";
import { useToolbar } from "react-aria/useToolbar";
import type { DraftPart, PartChoice } from "../resolve/conflictDraft.js";
import { useResolver } from "./context.js";
import { Icon } from "./Icon.js";

interface ChoicesProps {
  readonly part: DraftPart;
  readonly label: string;
  readonly choice: PartChoice | undefined;
  /** Left out where nothing can be written by hand. */
  readonly onEdit: (() => void) | undefined;
  readonly isEditing: boolean;
  readonly editRef: RefObject<HTMLButtonElement | null>;
}

/** The row of buttons that decide about a part: one stop for the Tab key, arrows lead from button to button. */
export function Choices({ part, label, choice, onEdit, isEditing, editRef }: ChoicesProps): ReactElement {
  const { messages, decide, isBusy } = useResolver();
  const ref = useRef<HTMLDivElement>(null);
  const { toolbarProps } = useToolbar({ "aria-label": messages.decide({ part: label }) }, ref);
  const button = (kind: "local" | "server" | "merge", word: string) => {
    const isPressed = choice?.kind === kind;
    return (
      <button
        type="button"
        className="tabweave-choice"
        data-choice={kind}
        aria-pressed={isPressed}
        aria-disabled={isBusy}
        onClick={() => isBusy || decide(part, isPressed ? undefined : { kind })}
      >
        {isPressed && <Icon name="result" />}
        {word}
      </button>
    );
  };
  const hasBoth = Object.hasOwn(part, "both");
  return (
    <div
      {...toolbarProps}
      ref={ref}
      className="tabweave-choices"
      data-count={2 + Number(hasBoth) + Number(onEdit !== undefined)}
    >
      {button("local", messages.takeMine)}
      {button("server", messages.takeTheirs)}
      {hasBoth && button("merge", messages.takeBoth)}
      {onEdit && (
        <button
          type="button"
          ref={editRef}
          className="tabweave-choice"
          data-choice="manual"
          aria-pressed={choice?.kind === "manual"}
          aria-expanded={isEditing}
          aria-disabled={isBusy}
          onClick={() => isBusy || onEdit()}
        >
          {choice?.kind === "manual" && <Icon name="result" />}
          {messages.edit}
        </button>
      )}
    </div>
  );
}
