import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useOperation } from "tabweave/react";
import { editNote } from "../operations/editNote.js";
import type { Interaction } from "../operations/interactions.js";

/** The note of a scene, which everybody at the table may rewrite. */
export function NoteEditor({ scene }: { scene: Interaction }) {
  const [draft, setDraft] = useState<string>();
  const opener = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  const { mutate } = useOperation(editNote);

  // The form takes the place of the button that had the focus, so the focus has to be given back.
  useEffect(() => {
    if (wasOpen.current && draft === undefined) opener.current?.focus();
    wasOpen.current = draft !== undefined;
  }, [draft]);

  if (draft !== undefined) {
    return (
      <NoteForm
        scene={scene}
        draft={draft}
        onDraft={setDraft}
        onCancel={() => setDraft(undefined)}
        onSave={() => {
          if (draft !== scene.note) mutate({ id: scene._id, next: { ...scene, note: draft } });
          setDraft(undefined);
        }}
      />
    );
  }
  return (
    <div className="note">
      <p className={scene.note === "" ? "note-text quiet" : "note-text"}>{scene.note || "No note yet."}</p>
      <button
        ref={opener}
        type="button"
        className="button button-slight"
        onClick={() => setDraft(scene.note)}
      >
        Edit note<span className="unseen"> of {scene.name}</span>
      </button>
    </div>
  );
}

type NoteFormProps = {
  scene: Interaction;
  draft: string;
  onDraft(draft: string): void;
  onSave(): void;
  onCancel(): void;
};

function NoteForm({ scene, draft, onDraft, onSave, onCancel }: NoteFormProps) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);

  function submit(event: FormEvent) {
    event.preventDefault();
    onSave();
  }
  function onKey(event: KeyboardEvent) {
    if (event.key === "Escape") onCancel();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSave();
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <label htmlFor={id}>
        Note<span className="unseen"> of {scene.name}</span>
      </label>
      <textarea
        ref={field}
        id={id}
        rows={4}
        value={draft}
        aria-describedby={`${id}-keys`}
        onChange={(event) => onDraft(event.target.value)}
        onKeyDown={onKey}
      />
      <p id={`${id}-keys`} className="quiet note-keys">
        Ctrl or ⌘ + Enter saves, Escape discards.
      </p>
      <div className="row">
        <button type="submit" className="button button-main">
          Save note
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Discard
        </button>
      </div>
    </form>
  );
}
