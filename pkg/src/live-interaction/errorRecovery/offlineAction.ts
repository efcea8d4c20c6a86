import type { OutboxEntry } from "../../client/snapshots.js";
import type { Priority } from "../../definition/terms.js";
import { read } from "../../recovery/read.js";
import type { ActionData, InteractionId } from "../register.js";

/** How urgent an action is, among scopes that wait; within a scope the order of the calls counts alone. */
export type ActionPriority = Priority;

/** From the most to the least. */
export const PRIORITIES = ["critical", "high", "medium", "low"] as const satisfies readonly ActionPriority[];

/** An operation of the outbox that has not come to its end, as this module lists it. */
export interface OfflineAction {
  id: string;
  /** The name under which the operation is registered. */
  type: string;
  /** The interaction it belongs to; "" if nobody said. */
  interactionId: InteractionId;
  /** What the operation was called with. */
  data: ActionData;
  /** When it was done, in milliseconds since 1970. */
  timestamp: number;
  /** How many attempts were made after the first. */
  retryCount: number;
  priority: ActionPriority;
}

/** An action to be kept; what else an `OfflineAction` has is given by the client. */
export interface NewOfflineAction {
  /** The name of an operation that is registered with the client. */
  type: string;
  interactionId: string;
  /** What the operation is called with. */
  data: unknown;
  /** Default: "medium". */
  priority?: ActionPriority;
}

/** What an operation does not tell of an action. */
export interface ActionLabel {
  readonly interactionId: string;
  readonly priority: ActionPriority;
}

const UNLABELLED = { interactionId: "", priority: "medium" } as const;

const ENDED: ReadonlySet<string> = new Set(["done", "dead", "cancelled"]);

/** Whether an operation still waits for its end, without a person. */
export function isPending({ state }: OutboxEntry): boolean {
  return !ENDED.has(state);
}

export function isPriority(value: unknown): value is ActionPriority {
  return PRIORITIES.some((priority) => priority === value);
}

/** An operation as an action; one that was not called as an action may tell its interaction in its arguments. */
export function actionOf(
  { id, name, args, document, acceptedAt, attempts }: OutboxEntry,
  label: ActionLabel | undefined,
): OfflineAction {
  const named = read(args, "interactionId");
  const { interactionId, priority } =
    label ?? (typeof named === "string" ? { ...UNLABELLED, interactionId: named } : UNLABELLED);
  return {
    id,
    type: name,
    interactionId: interactionId as InteractionId,
    data: args ?? document,
    timestamp: acceptedAt,
    retryCount: Math.max(attempts - 1, 0),
    priority,
  };
}
