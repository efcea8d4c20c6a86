import type { TabweaveErrorCode } from "../errors/codes.js";
import type { ErrorClass } from "./classes.js";
import type { Severity } from "./severity.js";

/** What a sentence for a person can be made of. */
export interface Failure {
  readonly class: ErrorClass;
  readonly severity: Severity;
  /** The code, if the error is a TabweaveError. */
  readonly code: TabweaveErrorCode | undefined;
  /** How long the server asks to wait, in milliseconds, if it does. */
  readonly retryAfterMs: number | undefined;
  /** What was thrown. */
  readonly error: unknown;
}

/** A sentence, or what makes one. */
export type Message = string | ((failure: Failure) => string);

/**
 * Sentences for people, by the class of a failure or by the code of a TabweaveError, which comes first. What is
 * left out, in another language say, is taken from {@link MESSAGES}.
 */
export type Messages = { readonly [Key in ErrorClass | TabweaveErrorCode]?: Message };

/** The sentences that people read unless an app has its own: what happened, and what happens next. */
export const MESSAGES = {
  network: "The server cannot be reached. Saved changes are sent as soon as it can be.",
  timeout: "The server took too long to answer. Please wait a moment, then try again.",
  rate_limited: ({ retryAfterMs }) => `That was a lot at once. Please try again ${soon(retryAfterMs)}.`,
  unavailable: "The server has a problem at the moment. Please try again in a few minutes.",
  authentication: "You are not signed in any more. Please sign in again to go on.",
  authorization: "You do not have permission to do this. Ask somebody who does, if you need it.",
  conflict: "Somebody else changed this at the same time. Please look at it again, then repeat your change.",
  validation: "Something about this is not right. Please check what you entered, then try again.",
  rejected: "The server did not accept this. You can change it and try again.",
  unknown: "Something went wrong. Please try again; if it happens again, reload the page.",

  aborted: "This was stopped before it was finished. You can start it again.",
  args_not_cloneable: "This cannot be saved as it is. Nothing was changed.",
  attempts_exhausted: "This did not work after several tries. Please try it again later.",
  cancelled: "This was cancelled. Nothing was sent.",
  client_closed: "This page has stopped saving changes. Please reload it.",
  convex_fatal: "This page has lost the server for good. Please reload it; saved changes are sent then.",
  depends_on_failed:
    "This needs another change of yours that was not accepted. Please look at that one first.",
  engine_crashed: "Something went wrong in this page. Please reload it; saved changes are kept.",
  expired: "This was not sent in time, so it was stopped. Please try it again if you still want it.",
  identity_changed: "Somebody else is signed in now. Your changes wait until you sign in again.",
  identity_unknown: "It is not known yet who you are. Please sign in, then try again.",
  no_handler: "This change comes from another version of the page. Please reload it to send the change.",
  outbox_full: "Too many changes wait to be sent. Please wait until the server is reached again.",
  outcome_unknown: "It is not known whether this reached the server. Please check, then retry or discard it.",
  page_gone: "The page in which this was done is gone, and took it along. Please do it again.",
  payload_too_large: "This is too large to be saved. Please try something smaller.",
  protocol_mismatch: "Another tab shows another version of this page. Please reload the older one.",
  sensitive_operation: "This is kept in this page alone. Please keep it open until it is sent.",
  set_aside: "This was set aside. It is sent when you retry it.",
  signed_out: "You are not signed in any more. Please sign in again; then your change is sent.",
  storage_failed: "This browser could not save your change. Please keep the page open; it is tried again.",
  storage_memory:
    "This browser saves nothing for this page. Please keep it open until your changes are sent.",
  storage_quota: "This device has no room left to save your change. Please free some, then try again.",
  storage_stalled: "Saving takes longer than usual. Please close other tabs of this page that do not answer.",
  store_lost: "What this browser had saved was deleted. Please keep the page open; it is saved again.",
  timed_out: "This took too long and may not have worked. Please check, then try again.",
  wasm_unavailable: "This page could not be loaded in full. Saved changes are sent after you reload it.",
} satisfies Messages;

/** When to come back, in words. */
function soon(ms: number | undefined): string {
  if (ms === undefined) return "in a moment";
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return seconds <= 1 ? "in a second" : `in ${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `in ${minutes} minutes` : `in ${Math.ceil(minutes / 60)} hours`;
}
