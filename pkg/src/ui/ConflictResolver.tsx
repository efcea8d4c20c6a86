"use client";

import {
  createElement,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useMemo,
  useRef,
} from "react";
import { I18nProvider, isRTL } from "react-aria/I18nProvider";
import type { ParkedConflict } from "../merge/parked.js";
import type { Path } from "../merge/types.js";
import type { DraftPart } from "../resolve/conflictDraft.js";
import { ConflictPart } from "./ConflictPart.js";
import { type Resolver, ResolverContext, useResolver } from "./context.js";
import { Finish } from "./Finish.js";
import type { ConflictMessagesOption } from "./messages.js";
import { Overview } from "./Overview.js";
import { pathLabel } from "./pathLabel.js";
import { useConflictDraft } from "./useConflictDraft.js";
import { useDecisions } from "./useDecisions.js";
import { useFocusReturn } from "./useFocusReturn.js";
import { useLanguage } from "./useLanguage.js";
import { type OnResolve, useResolving } from "./useResolving.js";
import { messagesWith, wordingOf } from "./words.js";

export interface ConflictResolverProps<Document = unknown> {
  /** The parked edit. Another object of the same id keeps what was chosen for the parts that are as they were. */
  readonly conflict: ParkedConflict<Document>;
  /** Hands over what the person decided. If the promise rejects, they can try again. */
  readonly onResolve: OnResolve<Document>;
  /** Leaves the conflict as it is. Without it there is no such button. */
  readonly onLater?: () => void;
  /** Words in place of the built-in ones. */
  readonly messages?: ConflictMessagesOption;
  /** The language of numbers, dates and directions, such as `"de"`; by default that of the page. */
  readonly locale?: string;
  /** What people call a part, a word for each step towards it; undefined: as built in. */
  readonly formatPath?: (
    path: Path,
    conflict: ParkedConflict<Document>,
  ) => string | readonly string[] | undefined;
  /** How a value is shown, such as an id by the name it stands for; undefined: as built in. */
  readonly formatValue?: (value: unknown, path: Path) => string | undefined;
  /** Shown in place of the heading's words. */
  readonly heading?: ReactNode;
  /** The level of the heading; those of the parts are one below it. Default: 2. */
  readonly headingLevel?: 1 | 2 | 3 | 4 | 5;
  /** Whether it takes the focus when it appears. It gives it back when it goes away, in any case. */
  readonly autoFocus?: boolean;
  readonly className?: string;
}

/**
 * A screen on which a person decides about a parked conflict: every part as it was, as they have it, as the server has it and
 * as it will be. It needs the stylesheet `tabweave/ui.css`.
 */
export function ConflictResolver<Document>(props: ConflictResolverProps<Document>): ReactElement {
  const locale = useLanguage(props.locale);
  return (
    <I18nProvider locale={locale}>
      <Screen {...(props as ConflictResolverProps)} language={locale} />
    </I18nProvider>
  );
}

function Screen(props: ConflictResolverProps & { readonly language: string }): ReactElement {
  const { conflict, onResolve, onLater, language, headingLevel = 2 } = props;
  const id = useId();
  const root = useRef<HTMLElement>(null);
  const save = useRef<HTMLButtonElement>(null);
  const messages = useMemo(() => messagesWith(props.messages), [props.messages]);
  const wording = useMemo(() => wordingOf(language), [language]);
  const control = useConflictDraft(conflict);
  const [state, resolve] = useResolving(onResolve);
  const labelsOf = (path: Path) => {
    const own = props.formatPath?.(path, conflict);
    if (own !== undefined) return typeof own === "string" ? [own] : own;
    return pathLabel(conflict, path, messages, wording);
  };
  const labelOf = (part: DraftPart) => labelsOf(part.path).join(", ");
  const decisions = useDecisions(control, save, labelOf, messages, wording);
  useFocusReturn(root);
  const { draft, progress, resolution } = control;
  const resolver: Resolver = {
    conflict,
    draft,
    messages,
    wording,
    labelsOf,
    formatValue: props.formatValue,
    Heading: `h${headingLevel + 1}` as Resolver["Heading"],
    isBusy: state.phase === "saving" || state.phase === "saved",
    decide: decisions.decide,
    keepElement: decisions.keepElement,
  };
  const { undo, redo } = decisions;
  return (
    <ResolverContext.Provider value={resolver}>
      <section
        ref={root}
        className={["tabweave-resolver", props.className].filter(Boolean).join(" ")}
        aria-labelledby={`${id}-heading`}
        aria-busy={state.phase === "saving"}
        // What is not asked for is as on the rest of the page.
        {...(props.locale !== undefined && { lang: language, dir: isRTL(language) ? "rtl" : "ltr" })}
        onKeyDown={(event) => resolver.isBusy || onUndoKeys(event, undo, redo)}
      >
        <Title id={`${id}-heading`} level={headingLevel} autoFocus={props.autoFocus === true}>
          {props.heading ?? messages.heading}
        </Title>
        <p className="tabweave-introduction">
          {messages.introduction({ at: moment(conflict.atMs, language) }, wording)}
        </p>
        <Overview
          progress={progress}
          canUndo={control.canUndo}
          canRedo={control.canRedo}
          onAll={decisions.decideAll}
          onUndo={undo}
          onRedo={redo}
        />
        <Parts parts={draft.parts} />
        <Finish
          state={state}
          isDecided={progress.decided === progress.total}
          saveRef={save}
          onSave={() => decisions.remind() || resolve(resolution)}
          onDiscard={() => resolve({ discard: true })}
          onRetry={() => "resolution" in state && resolve(state.resolution)}
          onLater={onLater}
        />
        <div role="status" className="tabweave-unseen">
          {state.phase === "saving"
            ? messages.saving
            : state.phase === "saved"
              ? messages.saved
              : decisions.said}
        </div>
      </section>
    </ResolverContext.Provider>
  );
}

interface TitleProps {
  readonly id: string;
  readonly level: number;
  readonly autoFocus: boolean;
  readonly children: ReactNode;
}

function Title({ id, level, autoFocus, children }: TitleProps): ReactElement {
  const ref: RefObject<HTMLElement | null> = useRef(null);
  useEffect(() => {
    if (autoFocus) ref.current?.focus();
  }, [autoFocus]);
  return createElement(`h${level}`, { id, ref, tabIndex: -1, className: "tabweave-heading" }, children);
}

/** Those that a person has to decide, and, folded up, those that a rule did. */
function Parts({ parts }: { parts: readonly DraftPart[] }): ReactElement {
  const { messages, wording } = useResolver();
  const open = parts.filter((part) => part.why !== undefined);
  const decided = parts.filter((part) => part.why === undefined);
  const list = (of: readonly DraftPart[]) => (
    <ol className="tabweave-parts">
      {of.map((part) => (
        <ConflictPart key={part.key} part={part} />
      ))}
    </ol>
  );
  return (
    <>
      {open.length > 0 && list(open)}
      {decided.length > 0 && (
        <details className="tabweave-decided">
          <summary>{messages.decidedAlready({ total: decided.length }, wording)}</summary>
          {list(decided)}
        </details>
      )}
    </>
  );
}

function moment(ms: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(ms);
}

/** In a field these keys undo what was typed. */
function onUndoKeys(event: KeyboardEvent, undo: () => void, redo: () => void): void {
  const isField = (event.target as Element).matches("input, textarea, select");
  if (isField || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) redo();
  else undo();
}
