"use client";

import { type ReactElement, type ReactNode, useMemo } from "react";
import type { Path } from "../merge/types.js";
import { type ElementChange, listDifference, textDifference } from "../resolve/difference.js";
import type { Part } from "../resolve/part.js";
import { isProse } from "../resolve/words.js";
import { sameValue } from "../token.js";
import { useResolver } from "./context.js";
import { Icon } from "./Icon.js";
import { spoken } from "./pathLabel.js";
import { Absent, ELEMENTS_MAX, isFields, Outcome, type OutcomeProps, Value } from "./Value.js";

/** A part as one side has it, with what that side did marked: words of texts, elements of lists, fields of objects. */
export function Difference({ before, after, path, depth = 0 }: OutcomeProps): ReactElement {
  const { formatValue } = useResolver();
  const [old, now] = [before?.value, after?.value];
  const isPlain =
    before === undefined || after === undefined || depth > 2 || formatValue?.(now, path) !== undefined;
  if (isPlain || sameValue(old, now))
    return <Outcome before={before} after={after} path={path} depth={depth} />;
  if (typeof old === "string" && typeof now === "string" && (isProse(old) || isProse(now))) {
    return <Words before={old} after={now} />;
  }
  if (Array.isArray(old) && Array.isArray(now)) {
    return <Elements before={old} after={now} path={path} depth={depth} />;
  }
  if (isFields(old) && isFields(now)) return <Fields before={old} after={now} path={path} depth={depth} />;
  return <Value part={after} path={path} depth={depth} />;
}

/** Marked for the eye, and in words for who hears it: few readers say what `<ins>` and `<del>` are. */
function Change({
  kind,
  children,
}: {
  kind: "added" | "removed" | "moved";
  children: ReactNode;
}): ReactElement {
  const { changes } = useResolver().messages;
  const Tag = kind === "removed" ? "del" : kind === "added" ? "ins" : "span";
  return (
    <Tag className="tabweave-change" data-kind={kind}>
      <span className="tabweave-unseen">{` ${changes[kind]} `}</span>
      {children}
      <span className="tabweave-unseen">{` ${changes.end} `}</span>
    </Tag>
  );
}

/** Spaces around words that changed are not marked. */
function ChangedWords({ kind, text }: { kind: "added" | "removed"; text: string }): ReactElement {
  const words = text.trim();
  if (words === "") return <Change kind={kind}>{text}</Change>;
  const at = text.indexOf(words);
  return (
    <>
      {text.slice(0, at)}
      <Change kind={kind}>{words}</Change>
      {text.slice(at + words.length)}
    </>
  );
}

function Words({ before, after }: { before: string; after: string }): ReactElement {
  const { locale } = useResolver().wording;
  const spans = useMemo(() => textDifference(before, after, locale), [before, after, locale]);
  return (
    <span className="tabweave-text" dir="auto">
      {spans.map(
        ({ kind, text }, at) =>
          // biome-ignore-start lint/suspicious/noArrayIndexKey: what is shown of a text has no state
          kind === "same" ? <span key={at}>{text}</span> : <ChangedWords key={at} kind={kind} text={text} />,
        // biome-ignore-end lint/suspicious/noArrayIndexKey: see above
      )}
    </span>
  );
}

type Nested<Whole> = { before: Whole; after: Whole; path: Path; depth: number };

function Elements({ before, after, path, depth }: Nested<readonly unknown[]>): ReactElement {
  const { messages, wording } = useResolver();
  const rows = useMemo(() => foldedRows(listDifference(before, after)), [before, after]);
  return (
    <ul className="tabweave-list">
      {rows.slice(0, ELEMENTS_MAX).map((change, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what is shown of an element has no state
        <li key={at} data-kind={change.kind}>
          {change.kind in CHANGES && <Icon name={change.kind as keyof typeof CHANGES} />}
          {change.kind === "folded" ? (
            <Absent>{messages.unchanged({ count: change.count }, wording)}</Absent>
          ) : (
            <Element change={change} path={[...path, at]} depth={depth + 1} />
          )}
        </li>
      ))}
      {rows.length > ELEMENTS_MAX && <li>{messages.more}</li>}
    </ul>
  );
}

const CHANGES = { added: true, removed: true, moved: true };

/** Longer runs of elements that did not change are folded, all but the neighbours of those that did. */
const UNCHANGED_MAX = 5;

type Row = ElementChange | { readonly kind: "folded"; readonly count: number };

function foldedRows(changes: readonly ElementChange[]): readonly Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < changes.length; ) {
    let end = at;
    while (changes[end]?.kind === "same") end += 1;
    const [first, last] = [at === 0 ? 0 : 1, end === changes.length ? 0 : 1];
    const count = end - at - first - last;
    if (end - at <= UNCHANGED_MAX) rows.push(...changes.slice(at, end));
    else {
      rows.push(...changes.slice(at, at + first), { kind: "folded", count });
      rows.push(...changes.slice(end - last, end));
    }
    rows.push(...changes.slice(end, end + 1));
    at = end + 1;
  }
  return rows;
}

function Element({
  change,
  path,
  depth,
}: {
  change: ElementChange;
  path: Path;
  depth: number;
}): ReactElement {
  const { kind, value } = change;
  const shown = <Value part={{ value }} path={path} depth={depth} />;
  if (kind === "same") return shown;
  if (kind === "changed") {
    return <Difference before={{ value: change.before }} after={{ value }} path={path} depth={depth} />;
  }
  return <Change kind={kind}>{shown}</Change>;
}

function Fields({ before, after, path, depth }: Nested<Record<string, unknown>>): ReactElement {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  const part = (fields: Record<string, unknown>, name: string): Part =>
    Object.hasOwn(fields, name) ? { value: fields[name] } : undefined;
  return (
    <dl className="tabweave-fields">
      {names.slice(0, ELEMENTS_MAX).map((name) => (
        <div key={name}>
          <dt>{spoken(name)}</dt>
          <dd>
            <Field
              before={part(before, name)}
              after={part(after, name)}
              path={[...path, name]}
              depth={depth + 1}
            />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Field({ before, after, path, depth }: Required<OutcomeProps>): ReactElement {
  if (before && after && sameValue(before.value, after.value)) {
    return <Value part={after} path={path} depth={depth} />;
  }
  if (before && after && typeof before.value === "object" && typeof after.value === "object") {
    return <Difference before={before} after={after} path={path} depth={depth} />;
  }
  return (
    <>
      {before && (
        <Change kind="removed">
          <Value part={before} path={path} depth={depth} />
        </Change>
      )}{" "}
      {after && (
        <Change kind="added">
          <Value part={after} path={path} depth={depth} />
        </Change>
      )}
    </>
  );
}
