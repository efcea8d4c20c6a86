import { type FormEvent, useId, useRef } from "react";
import { useOperation } from "tabweave/react";
import type { Campaign } from "../operations/campaigns.js";
import { createInteraction } from "../operations/createInteraction.js";
import { participantsNamed } from "../operations/participantsNamed.js";

const NAME_LENGTH_MAX = 80;

export function CreateInteraction({ campaign }: { campaign: Campaign }) {
  const id = useId();
  const nameField = useRef<HTMLInputElement>(null);
  const { mutate } = useOperation(createInteraction);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const name = String(fields.get("name")).trim();
    if (name === "") return nameField.current?.focus();
    mutate({
      campaignId: campaign._id,
      name,
      participants: participantsNamed(String(fields.get("participants"))),
    });
    form.reset();
    nameField.current?.focus();
  }

  return (
    <form className="create" onSubmit={submit} aria-labelledby={`${id}-heading`}>
      <h2 id={`${id}-heading`}>New interaction</h2>
      <div className="field">
        <label htmlFor={`${id}-name`}>Name</label>
        <input
          ref={nameField}
          id={`${id}-name`}
          name="name"
          required
          maxLength={NAME_LENGTH_MAX}
          autoComplete="off"
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-participants`}>Who takes turns</label>
        <input
          id={`${id}-participants`}
          name="participants"
          autoComplete="off"
          aria-describedby={`${id}-separator`}
        />
        <p id={`${id}-separator`} className="quiet">
          Names in turn order, with commas between them.
        </p>
      </div>
      <button type="submit" className="button button-main">
        Create interaction
      </button>
    </form>
  );
}
