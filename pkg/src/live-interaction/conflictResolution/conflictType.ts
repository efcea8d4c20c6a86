/** What a conflict is about, in the words of the module that this one takes the place of. */
export const ConflictType = {
  STATUS_UPDATE: "status_update",
  INITIATIVE_CHANGE: "initiative_change",
  PARTICIPANT_ADD: "participant_add",
  PARTICIPANT_REMOVE: "participant_remove",
  ACTION_SUBMISSION: "action_submission",
  ACTION_RESOLUTION: "action_resolution",
  /** Anything else. */
  CUSTOM: "custom",
} as const;

export type ConflictType = (typeof ConflictType)[keyof typeof ConflictType];

export const CONFLICT_TYPES: readonly ConflictType[] = Object.values(ConflictType);

const SUBJECTS: { readonly [Type in ConflictType]: string } = {
  status_update: "The status",
  initiative_change: "The order of turns",
  participant_add: "A participant that was added",
  participant_remove: "A participant that was removed",
  action_submission: "An action that was submitted",
  action_resolution: "What came of an action",
  custom: "The same thing",
};

/** How many parts a description names. */
const PARTS_NAMED_MAX = 5;

/** A sentence for people; of the states it has no more than the names of parts. */
export function describe(type: ConflictType, parts: readonly string[]): string {
  const named = parts.filter((part) => part !== "").slice(0, PARTS_NAMED_MAX);
  const where = named.length === 0 ? "" : ` (${named.join(", ")}${parts.length > named.length ? ", …" : ""})`;
  return `${SUBJECTS[type]} is not the same here and on the server${where}.`;
}
