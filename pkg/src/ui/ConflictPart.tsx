"use client";

import { Fragment, type ReactElement, type ReactNode, useCallback, useId, useRef, useState } from "react";
import { currentPart, type DraftPart } from "../resolve/conflictDraft.js";
import { entryForm } from "../resolve/entry.js";
import { modelOf } from "../resolve/kind.js";
import type { Part } from "../resolve/part.js";
import { Choices } from "./Choices.js";
import { useResolver } from "./context.js";
import { Difference } from "./Difference.js";
import { Entry } from "./Entry.js";
import { Icon } from "./Icon.js";
import { Absent, Outcome, Value } from "./Value.js";
import { stateOf } from "./words.js";

/** One part of the document: its four versions side by side, and the choice between them. */
export function ConflictPart({ part }: { part: DraftPart }): ReactElement {
  const { draft, messages, labelsOf, Heading, keepElement, decide } = useResolver();
  const [isEditing, setEditing] = useState(false);
  const id = useId();
  const edit = useRef<HTMLButtonElement>(null);
  const keep = useCallback(
    (element: HTMLElement | null) => keepElement(part.key, element),
    [keepElement, part.key],
  );
  const labels = labelsOf(part.path);
  const choice = draft.choices.get(part.key);
  const state = stateOf(part, choice);
  const form = entryForm(part);
  const cancel = () => {
    setEditing(false);
    edit.current?.focus();
  };
  const use = (result: unknown) => {
    setEditing(false);
    // Where deciding does not lead on, the field is gone: its button is next to it.
    edit.current?.focus();
    decide(part, { kind: "manual", result });
  };
  return (
    <li className="tabweave-part" data-state={state}>
      <span className="tabweave-stripe" aria-hidden="true" />
      <fieldset
        ref={keep}
        tabIndex={-1}
        aria-labelledby={`${id}-name ${id}-state`}
        aria-describedby={`${id}-why`}
        className="tabweave-group"
      >
        <div className="tabweave-head">
          <Heading id={`${id}-name`} className="tabweave-name">
            <Labels labels={labels} />
          </Heading>
          <p id={`${id}-why`} className="tabweave-why">
            {part.why === undefined ? messages.automatic({ rule: part.rule }) : messages.why[part.why]}
          </p>
          <span id={`${id}-state`} className="tabweave-state">
            {messages.states[state]}
          </span>
        </div>
        <Versions part={part} />
        <Choices
          part={part}
          label={labels.join(", ")}
          choice={choice}
          onEdit={form && (() => setEditing((before) => !before))}
          isEditing={isEditing}
          editRef={edit}
        />
        {isEditing && form && (
          <Entry
            form={form}
            label={labels.join(", ")}
            value={startOf(part, choice)}
            onUse={use}
            onCancel={cancel}
          />
        )}
      </fieldset>
    </li>
  );
}

/** What one begins to write from: what was written before, or what is there of this person's. */
function startOf(
  part: DraftPart,
  choice: ReturnType<ReturnType<typeof useResolver>["draft"]["choices"]["get"]>,
): unknown {
  if (choice?.kind === "manual") return choice.result;
  if (choice?.kind === "server") return part.server;
  return Object.hasOwn(part, "both") ? part.both : modelOf(part);
}

/** With signs between the steps for the eye, and commas for the ear. */
function Labels({ labels }: { labels: readonly string[] }): ReactElement {
  const [only] = labels;
  if (labels.length === 1) return <bdi className="tabweave-step">{only}</bdi>;
  return (
    <>
      <span className="tabweave-unseen">{labels.join(", ")}</span>
      <span aria-hidden="true">
        {labels.map((label, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a path have no other name
          <Fragment key={at}>
            {at > 0 && <span className="tabweave-slash">/</span>}
            <bdi className="tabweave-step">{label}</bdi>
          </Fragment>
        ))}
      </span>
    </>
  );
}

function Versions({ part }: { part: DraftPart }): ReactElement {
  const { draft, messages } = useResolver();
  const side = (name: "base" | "local" | "server"): Part =>
    Object.hasOwn(part, name) ? { value: part[name] } : undefined;
  const state = stateOf(part, draft.choices.get(part.key));
  const base = side("base");
  return (
    <dl className="tabweave-versions">
      <Version name="before">
        <Value part={base} path={part.path} />
      </Version>
      <Version name="mine" isTaken={state === "mine" || state === "both"}>
        <Difference before={base} after={side("local")} path={part.path} />
      </Version>
      <Version name="theirs" isTaken={state === "theirs" || state === "both"}>
        <Difference before={base} after={side("server")} path={part.path} />
      </Version>
      <Version name="result">
        {state === "undecided" ? (
          <Absent>{messages.states.undecided}</Absent>
        ) : (
          <Outcome before={base} after={currentPart(draft, part)} path={part.path} />
        )}
      </Version>
    </dl>
  );
}

function Version({
  name,
  isTaken = false,
  children,
}: {
  name: "before" | "mine" | "theirs" | "result";
  isTaken?: boolean;
  children: ReactNode;
}): ReactElement {
  const { versions } = useResolver().messages;
  return (
    <div className="tabweave-version" data-version={name} data-taken={isTaken || undefined}>
      <dt>
        <Icon name={name} />
        {versions[name]}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
