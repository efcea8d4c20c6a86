"use client";

/**
 * A screen on which a person decides about a parked conflict, and the state behind it. The stylesheet is `tabweave/ui.css`.
 *
 * @module
 */
export { ConflictResolver, type ConflictResolverProps } from "./ConflictResolver.js";
export { CONFLICT_MESSAGES } from "./english.js";
export * from "./headless.js";
export type { ConflictMessages, ConflictMessagesOption, PartState, Wording } from "./messages.js";
