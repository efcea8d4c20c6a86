import type { ErrorClass } from "../../recovery/classes.js";

/** What kind of failure an error is, in the words of the module that this one takes the place of. */
export const ErrorType = {
  /** The server was not reached. */
  NETWORK: "network",
  /** The server does not know who calls. */
  AUTHENTICATION: "authentication",
  /** The caller may not do this. */
  AUTHORIZATION: "authorization",
  /** The server refused what was sent. */
  VALIDATION: "validation",
  /** What the server holds has changed meanwhile. */
  CONFLICT: "conflict",
  /** The server failed, is not there, or asks to be called less often. */
  SERVER: "server",
  /** Nothing was answered in time. */
  TIMEOUT: "timeout",
  /** Anything else. */
  UNKNOWN: "unknown",
} as const;

export type ErrorType = (typeof ErrorType)[keyof typeof ErrorType];

const TYPES: { readonly [Class in ErrorClass]: ErrorType } = {
  network: ErrorType.NETWORK,
  timeout: ErrorType.TIMEOUT,
  rate_limited: ErrorType.SERVER,
  unavailable: ErrorType.SERVER,
  authentication: ErrorType.AUTHENTICATION,
  authorization: ErrorType.AUTHORIZATION,
  conflict: ErrorType.CONFLICT,
  validation: ErrorType.VALIDATION,
  rejected: ErrorType.VALIDATION,
  unknown: ErrorType.UNKNOWN,
};

export function typeOfClass(found: ErrorClass): ErrorType {
  return TYPES[found];
}
