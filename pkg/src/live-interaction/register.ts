/**
 * Where an app says of which types its open values are. By default they are of any type, as they were in the modules
 * that these take the place of:
 *
 * ```ts
 * declare module "tabweave/live-interaction/errorRecovery" {
 *   interface Register {
 *     actionData: { text: string };
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: apps fill it.
export interface Register {}

/**
 * What nobody has said the type of, as it comes out of `JSON.parse`. The components of apps read it as it was written;
 * a closed type would have each of them changed.
 */
export type Open = ReturnType<typeof JSON.parse>;

/** What an action of the offline queue was called with, as it is read back. */
export type ActionData = Register extends { actionData: infer Data } ? Data : Open;

/** The id of an interaction: the `Id<"interactions">` of an app's Convex functions. */
export type InteractionId = string & { __tableName: "interactions" };
