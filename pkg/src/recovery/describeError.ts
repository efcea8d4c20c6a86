import type { TabweaveErrorCode } from "../errors/codes.js";
import { classOf, type ErrorClass } from "./classes.js";
import { type Failure, MESSAGES, type Message, type Messages } from "./messages.js";
import { ownError } from "./own.js";
import { retryAfterMs } from "./retryAfter.js";
import { severityOf } from "./severity.js";

/** A failure, with what to tell the person it happened to. */
export interface ErrorDescription extends Failure {
  /** One or two sentences for that person: what happened, and what happens next. */
  readonly message: string;
}

export interface DescribeOptions {
  /** Sentences to use instead of the built-in ones. */
  readonly messages?: Messages;
  /** What kind of failure an error is; by default `classOf`, which goes by status, code and name. */
  readonly classify?: (error: unknown) => ErrorClass;
}

/**
 * Says what kind of failure something that was thrown is, how much it asks of a person, and what to tell them.
 * Nothing of the error's own text is shown: it is made for those who write the app. Throws only what a function of
 * the options throws.
 */
export function describeError(error: unknown, options: DescribeOptions = {}): ErrorDescription {
  const { messages = {}, classify = classOf } = options;
  const found = classify(error);
  const code = ownError(error)?.code;
  const failure: Failure = {
    class: found,
    severity: severityOf(found, code),
    code,
    retryAfterMs: retryAfterMs(error, Date.now()),
    error,
  };
  const message = messageFor(failure, messages);
  return { ...failure, message: typeof message === "string" ? message : message(failure) };
}

/** Where a code has no sentence, or says no more than that the server refused it, the class counts. */
function messageFor({ code, class: found }: Failure, messages: Messages): Message {
  const key = code === undefined || code === "rejected" ? found : code;
  return given(messages, key) ?? given(MESSAGES, key) ?? given(messages, found) ?? MESSAGES[found];
}

/** What the app put into its table, and not what every object inherits. */
function given(messages: Messages, key: ErrorClass | TabweaveErrorCode): Message | undefined {
  return Object.hasOwn(messages, key) ? messages[key] : undefined;
}
