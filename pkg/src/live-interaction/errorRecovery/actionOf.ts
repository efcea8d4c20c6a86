import type { OutboxEntry } from "../../client/snapshots.js";
import { read } from "../../recovery/read.js";
import type { InteractionId } from "../open.js";
import type { ActionPriority, OfflineAction } from "./offlineAction.js";

/** From the most to the least. */
export const PRIORITIES = ["critical", "high", "medium", "low"] as const satisfies readonly ActionPriority[];

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
