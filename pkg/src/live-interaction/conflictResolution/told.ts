import { isRecord } from "../../merge/kind.js";
import { sameValue } from "../../token.js";
import { ConflictType } from "./conflictType.js";

/** Two states of something, as the app has told them. */
export interface Told {
  readonly interactionId: string;
  readonly type: ConflictType;
  readonly serverState: unknown;
  readonly clientState: unknown;
}

/** Fields that tell things apart. */
const ID_FIELDS = ["_id", "id", "key"];

/** Whether two states are the same; those that cannot be compared, as what holds itself, are not. */
export function isSame(one: unknown, other: unknown): boolean {
  try {
    return sameValue(one, other);
  } catch {
    return false;
  }
}

/**
 * By what a thing is known again in later calls: by its `_id`, `id` or `key`; a status, an order of turns and a list of
 * participants also without, because an interaction has one of each. Undefined: it is not, for under one interaction and
 * one type the app may tell of several things.
 */
export function subjectOf({ interactionId, type, serverState, clientState }: Told): string | undefined {
  const [server, client] = [idOf(serverState), idOf(clientState)];
  const id = server ?? client;
  if (server !== undefined && client !== undefined && server !== client) return undefined;
  if (id === undefined && !isOnly(type, serverState, clientState)) return undefined;
  return JSON.stringify([interactionId, type, id ?? null]);
}

function idOf(state: unknown): string | undefined {
  if (!isRecord(state)) return undefined;
  const id = ID_FIELDS.map((field) => state[field]).find((value) => value !== undefined);
  return typeof id === "string" || typeof id === "number" ? String(id) : undefined;
}

function isOnly(type: ConflictType, ...states: unknown[]): boolean {
  if (type === ConflictType.STATUS_UPDATE || type === ConflictType.INITIATIVE_CHANGE) return true;
  const isOfParticipants = type === ConflictType.PARTICIPANT_ADD || type === ConflictType.PARTICIPANT_REMOVE;
  return isOfParticipants && states.every(Array.isArray);
}
