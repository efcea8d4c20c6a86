import type { Open } from "../open.js";

/**
 * Where an app says of which types its open values are. By default they are of any type, as they were in the module that
 * this one takes the place of:
 *
 * ```ts
 * declare module "tabweave/live-interaction/errorRecovery" {
 *   interface Register {
 *     actionData: { text: string };
 *   }
 * }
 * ```
 */
// An interface of each module: of one that two modules export TypeScript takes over what is said to one of them only.
// biome-ignore lint/suspicious/noEmptyInterface: apps fill it.
export interface Register {}

/** What an action of the offline queue was called with, as it is read back. */
export type ActionData = Register extends { actionData: infer Data } ? Data : Open;
