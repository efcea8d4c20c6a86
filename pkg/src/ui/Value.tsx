"use client";

import type { ReactElement, ReactNode } from "react";
import type { Path, PathSegment } from "../merge/types.js";
import type { Part } from "../resolve/part.js";
import { encodeValue } from "../token.js";
import { useResolver } from "./context.js";
import { spoken } from "./pathLabel.js";

/** Deeper than this nobody reads. */
const DEPTH_MAX = 4;
export const ELEMENTS_MAX = 100;

export function isFields(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.prototype.toString.call(value) === "[object Object]"
  );
}

/** A word in place of a value that is none. */
export function Absent({ children }: { children: ReactNode }): ReactElement {
  return <span className="tabweave-absent">{children}</span>;
}

/** A part of a document, as people read it. Text is shown as text. */
export function Value({ part, path, depth = 0 }: { part: Part; path: Path; depth?: number }): ReactElement {
  const { messages, wording, formatValue } = useResolver();
  if (part === undefined) return <Absent>{messages.missing}</Absent>;
  const { value } = part;
  const own = formatValue?.(value, path);
  if (own !== undefined) return <Text>{own}</Text>;
  switch (typeof value) {
    case "string":
      return value === "" ? <Absent>{messages.emptyText}</Absent> : <Text>{value}</Text>;
    case "number":
      return <bdi className="tabweave-number">{wording.number(value)}</bdi>;
    case "bigint":
      return <bdi className="tabweave-number">{new Intl.NumberFormat(wording.locale).format(value)}</bdi>;
    case "boolean":
      return <span>{value ? messages.yes : messages.no}</span>;
    default:
      if (typeof value !== "object" || value === null) return <Absent>{messages.nothing}</Absent>;
      return depth < DEPTH_MAX ? (
        <Composite value={value} path={path} depth={depth} />
      ) : (
        <Absent>{messages.more}</Absent>
      );
  }
}

/** A part as it is now; where there was one, none is one that was removed. */
export function Outcome({ before, after, path, depth = 0 }: OutcomeProps): ReactElement {
  const { messages } = useResolver();
  if (before && after === undefined) return <Absent>{messages.gone}</Absent>;
  return <Value part={after} path={path} depth={depth} />;
}

export interface OutcomeProps {
  readonly before: Part;
  readonly after: Part;
  readonly path: Path;
  readonly depth?: number;
}

function Text({ children }: { children: string }): ReactElement {
  return (
    <span className="tabweave-text" dir="auto">
      {children}
    </span>
  );
}

function Composite({ value, path, depth }: { value: object; path: Path; depth: number }): ReactElement {
  const { messages, wording } = useResolver();
  if (value instanceof Date) return <Moment date={value} />;
  if (Array.isArray(value) || value instanceof Set)
    return <List items={[...value]} path={path} depth={depth} />;
  if (value instanceof Map) {
    const fields = [...value].map(([key, part]): Field => {
      return { segment: { key }, name: typeof key === "string" ? key : encodeValue(key), value: part };
    });
    return <Fields fields={fields} path={path} depth={depth} />;
  }
  if (isFields(value)) {
    const fields = Object.entries(value).map(([name, part]): Field => {
      return { segment: name, name: spoken(name), value: part };
    });
    return <Fields fields={fields} path={path} depth={depth} />;
  }
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    return <span>{messages.bytes({ bytes: value.byteLength }, wording)}</span>;
  }
  return <Absent>{messages.more}</Absent>;
}

function Moment({ date }: { date: Date }): ReactElement {
  const { messages, wording } = useResolver();
  if (Number.isNaN(date.getTime())) return <Absent>{messages.nothing}</Absent>;
  const timeStyle = date.getTime() % 60_000 === 0 ? "short" : "medium";
  const format = new Intl.DateTimeFormat(wording.locale, { dateStyle: "medium", timeStyle });
  return <time dateTime={date.toISOString()}>{format.format(date)}</time>;
}

function List({
  items,
  path,
  depth,
}: {
  items: readonly unknown[];
  path: Path;
  depth: number;
}): ReactElement {
  const { messages } = useResolver();
  if (items.length === 0) return <Absent>{messages.emptyList}</Absent>;
  return (
    <ul className="tabweave-list">
      {items.slice(0, ELEMENTS_MAX).map((item, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what is shown of an element has no state
        <li key={at}>
          <Value part={{ value: item }} path={[...path, at]} depth={depth + 1} />
        </li>
      ))}
      {items.length > ELEMENTS_MAX && <li>{messages.more}</li>}
    </ul>
  );
}

interface Field {
  readonly segment: PathSegment;
  readonly name: string;
  readonly value: unknown;
}

function Fields({
  fields,
  path,
  depth,
}: {
  fields: readonly Field[];
  path: Path;
  depth: number;
}): ReactElement {
  const { messages } = useResolver();
  if (fields.length === 0) return <Absent>{messages.nothing}</Absent>;
  return (
    <dl className="tabweave-fields">
      {fields.slice(0, ELEMENTS_MAX).map(({ segment, name, value }) => (
        <div key={encodeValue(segment)}>
          <dt>{name}</dt>
          <dd>
            <Value part={{ value }} path={[...path, segment]} depth={depth + 1} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
