import type { Priority } from "../../definition/terms.js";
import type { InteractionId } from "../open.js";
import type { ActionData } from "./register.js";

/** How urgent an action is, among scopes that wait; within a scope the order of the calls counts alone. */
export type ActionPriority = Priority;

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

/** An action to be kept. */
export interface NewOfflineAction {
  /** The name of an operation that is registered with the client. */
  type: string;
  interactionId: string;
  /** What the operation is called with. */
  data: unknown;
  /** Default: "medium". */
  priority?: ActionPriority;
  /** Not looked at: the client gives it. */
  id?: string;
  /** Not looked at: the client gives it. */
  timestamp?: number;
  /** Not looked at: the client counts. */
  retryCount?: number;
}
