"use client";

import {
  type FormEvent,
  type KeyboardEvent,
  type ReactElement,
  type Ref,
  useEffect,
  useRef,
  useState,
} from "react";
import { useField } from "react-aria/useField";
import { type EntryForm, type EntryProblem, entryText, readEntry } from "../resolve/entry.js";
import { useResolver } from "./context.js";
import type { ConflictMessages, Wording } from "./messages.js";

interface EntryProps {
  readonly form: EntryForm;
  readonly label: string;
  /** What the field begins with. */
  readonly value: unknown;
  readonly onUse: (value: unknown) => void;
  readonly onCancel: () => void;
}

/** A field in which a part is written by hand, as what it is. */
export function Entry({ form, label, value, onUse, onCancel }: EntryProps): ReactElement {
  const { messages, wording } = useResolver();
  const [text, setText] = useState(() => entryText(value, wording.locale) ?? "");
  const [problem, setProblem] = useState<EntryProblem>();
  const field = useRef<EntryElement>(null);
  useEffect(() => field.current?.focus(), []);
  const hint = form.kind === "json" || form.kind === "date" ? messages.entryHint[form.kind] : undefined;
  const error = problem && problemText(problem, messages, wording);
  const { labelProps, fieldProps, descriptionProps, errorMessageProps } = useField({
    label: messages.entry({ part: label }),
    description: hint,
    errorMessage: error,
    isInvalid: problem !== undefined,
  });
  const change = (next: string) => {
    setText(next);
    // Mended is said at once, wrong only when it is used.
    if (problem) setProblem(problemIn(form, next, wording));
  };
  const use = (event?: FormEvent) => {
    event?.preventDefault();
    event?.stopPropagation();
    const read = readEntry(form, text, wording.locale);
    if ("value" in read) return onUse(read.value);
    setProblem(read.problem);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isEnter = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (event.key !== "Escape" && !isEnter) return;
    event.preventDefault();
    event.stopPropagation();
    if (isEnter) use();
    else onCancel();
  };
  return (
    <form className="tabweave-entry" onSubmit={use} onKeyDown={onKeyDown} noValidate>
      <label {...labelProps} htmlFor={fieldProps.id}>
        {messages.entry({ part: label })}
      </label>
      <EntryField
        {...fieldProps}
        form={form}
        text={text}
        onText={change}
        fieldRef={field}
        aria-invalid={problem !== undefined}
      />
      {hint && (
        <p {...descriptionProps} className="tabweave-hint">
          {hint}
        </p>
      )}
      {error && (
        <p {...errorMessageProps} className="tabweave-problem">
          {error}
        </p>
      )}
      <div className="tabweave-actions">
        <button type="submit" className="tabweave-button" data-main>
          {messages.useEntry}
        </button>
        <button type="button" className="tabweave-button" onClick={onCancel}>
          {messages.cancelEntry}
        </button>
      </div>
    </form>
  );
}

type EntryElement = HTMLInputElement & HTMLTextAreaElement & HTMLSelectElement;

interface EntryFieldProps {
  readonly form: EntryForm;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly fieldRef: Ref<EntryElement>;
}

const INPUTS = {
  text: { type: "text", dir: "auto" },
  number: { type: "text", inputMode: "decimal" },
  bigint: { type: "text", inputMode: "numeric" },
  date: { type: "datetime-local", step: "any" },
} as const;

function EntryField({ form, text, onText, fieldRef, ...field }: EntryFieldProps): ReactElement {
  const { messages } = useResolver();
  const shared = {
    ...field,
    ref: fieldRef,
    className: "tabweave-field",
    value: text,
    onChange: (event: { target: { value: string } }) => onText(event.target.value),
  };
  if (form.kind === "boolean") {
    return (
      <select {...shared}>
        <option value="true">{messages.yes}</option>
        <option value="false">{messages.no}</option>
      </select>
    );
  }
  const rows = Math.min(12, Math.max(3, text.split("\n").length + 1));
  if (form.kind === "json")
    return <textarea {...shared} rows={rows} dir="ltr" spellCheck={false} data-code />;
  if (form.kind === "text" && form.long) return <textarea {...shared} rows={rows} dir="auto" />;
  return <input {...shared} {...INPUTS[form.kind]} autoComplete="off" />;
}

function problemIn(form: EntryForm, text: string, wording: Wording): EntryProblem | undefined {
  const read = readEntry(form, text, wording.locale);
  return "problem" in read ? read.problem : undefined;
}

function problemText(problem: EntryProblem, { problems }: ConflictMessages, wording: Wording): string {
  return problem.code === "json" ? problems.json(problem, wording) : problems[problem.code];
}
