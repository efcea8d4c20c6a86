import { read } from "./read.js";

/**
 * What kind of failure an error stands for.
 *
 * | class | what happened |
 * |---|---|
 * | `network` | the server was not reached, or its answer did not arrive |
 * | `timeout` | nothing was answered in time |
 * | `rate_limited` | the server asks to be called less often |
 * | `unavailable` | the server failed, or is not there |
 * | `authentication` | the server does not know who calls |
 * | `authorization` | the caller may not do this |
 * | `conflict` | what the server holds has changed meanwhile |
 * | `validation` | what was sent cannot be right |
 * | `rejected` | the server refused it for a reason of its own |
 * | `unknown` | the error carries no sign that is known |
 */
export type ErrorClass =
  | "network"
  | "timeout"
  | "rate_limited"
  | "unavailable"
  | "authentication"
  | "authorization"
  | "conflict"
  | "validation"
  | "rejected"
  | "unknown";

const STATUSES: ReadonlyMap<number, ErrorClass> = new Map<number, ErrorClass>([
  // What a browser gives a request that had no answer.
  [0, "network"],
  [400, "validation"],
  [401, "authentication"],
  [403, "authorization"],
  [408, "timeout"],
  [409, "conflict"],
  [422, "validation"],
  [425, "rate_limited"],
  [429, "rate_limited"],
]);

// Names and codes by which browsers, Node, clients of servers and validators know their errors, in small letters
// and without what separates words: `ERR_NETWORK`, `deadline-exceeded`, `TooManyRequests`.
const WORDS: ReadonlyMap<string, ErrorClass> = wordsOf({
  network:
    "networkerror errnetwork econnrefused econnreset econnaborted enotfound eaiagain epipe enetunreach enetdown " +
    "ehostunreach underrsocket",
  timeout:
    "timeouterror timeout timedout etimedout esockettimedout deadlineexceeded requesttimeout gatewaytimeout " +
    "underrconnecttimeout underrheaderstimeout underrbodytimeout",
  rate_limited: "ratelimited ratelimit ratelimiterror toomanyrequests tooearly resourceexhausted overload",
  unavailable: "unavailable serviceunavailable badgateway internal internalservererror overloaded",
  authentication: "unauthenticated unauthorized sessionexpired tokenexpired identityunknown signedout",
  authorization: "forbidden permissiondenied accessdenied",
  conflict: "conflict alreadyexists",
  validation:
    "zoderror valierror validation validationerror argumentvalidationerror invalidargument badrequest " +
    "unprocessableentity unprocessablecontent argsnotcloneable invalidoption payloadtoolarge",
});

// Words that say less than the cause of their error may. A TypeError is what `fetch` of every browser throws when
// the server was not reached, with nothing but its text to tell it from a bug of the app. It is taken for the
// former: a bug is tried again in vain, as often as allowed, and listed; a change that was made offline and taken
// for a bug would be rolled back.
const WEAK_WORDS: ReadonlyMap<string, ErrorClass> = wordsOf({
  network: "typeerror aborterror",
  unavailable: "attemptsexhausted",
  rejected: "rejected",
});

/** How far the causes of an error are followed. */
const CAUSES_MAX = 8;

/**
 * The class of something that was thrown, by its statuses, codes and names, never by its text, which is made for
 * people and changes. Looked at in this order, the first sign counting:
 *
 * 1. `status`, `statusCode`, `response.status` (ky, axios), `data.status`, `data.httpStatus`: an HTTP status from
 *    400 to 599, or 0
 * 2. `code`, `data.code`, `data.kind`: a word such as `"CONFLICT"`, `"permission-denied"`, `"ETIMEDOUT"`
 * 3. `name`, as of `TimeoutError` or `ZodError`; a `ConvexError` without one of the above is `rejected`
 * 4. `cause`, looked at in the same way
 * 5. a `TypeError`, as `fetch` throws it, and an `AbortError` are `network`
 *
 * Never throws, whatever it is given.
 */
export function classOf(error: unknown): ErrorClass {
  return classWithin(error, CAUSES_MAX) ?? "unknown";
}

function classWithin(error: unknown, causes: number): ErrorClass | undefined {
  if (typeof error !== "object" || error === null || causes < 0) return undefined;
  const code = read(error, "code");
  const name = read(error, "name");
  return (
    strongSign(error, code, name) ??
    classWithin(read(error, "cause"), causes - 1) ??
    classOfWord(WEAK_WORDS, code) ??
    classOfWord(WEAK_WORDS, name)
  );
}

function strongSign(error: object, code: unknown, name: unknown): ErrorClass | undefined {
  const data = read(error, "data");
  return (
    classOfStatus(read(error, "status")) ??
    classOfStatus(read(error, "statusCode")) ??
    classOfStatus(read(read(error, "response"), "status")) ??
    classOfStatus(read(data, "status")) ??
    classOfStatus(read(data, "httpStatus")) ??
    classOfWord(WORDS, code) ??
    classOfWord(WORDS, read(data, "code")) ??
    classOfWord(WORDS, read(data, "kind")) ??
    classOfWord(WORDS, name) ??
    // The app's own functions threw it on purpose.
    (name === "ConvexError" && data !== undefined ? "rejected" : undefined)
  );
}

function classOfStatus(status: unknown): ErrorClass | undefined {
  if (typeof status !== "number") return undefined;
  const known = STATUSES.get(status);
  if (known !== undefined) return known;
  if (status >= 500 && status < 600) return "unavailable";
  return status >= 400 && status < 500 ? "rejected" : undefined;
}

function classOfWord(words: ReadonlyMap<string, ErrorClass>, word: unknown): ErrorClass | undefined {
  // A number is an HTTP status, if it is one: Firebase's and gRPC's small ones are not.
  if (typeof word === "number" && word !== 0) return words === WORDS ? classOfStatus(word) : undefined;
  return typeof word === "string" ? words.get(word.replace(/[^a-z]/gi, "").toLowerCase()) : undefined;
}

function wordsOf(lists: { readonly [Class in ErrorClass]?: string }): Map<string, ErrorClass> {
  const entries = Object.entries(lists) as [ErrorClass, string][];
  return new Map(entries.flatMap(([found, words]) => words.split(" ").map((word) => [word, found] as const)));
}
