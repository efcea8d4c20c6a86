import { type DescribeOptions, describeError } from "../../recovery/describeError.js";
import { mayPass } from "../../recovery/mayPass.js";
import type { Open } from "../open.js";
import type { ErrorSeverity } from "./errorSeverity.js";
import { type ErrorType, typeOfClass } from "./errorType.js";

/** What an error is, and what to tell the person it happened to. */
export interface ErrorClassification {
  type: ErrorType;
  severity: ErrorSeverity;
  /** Whether the same thing may work another time. */
  retryable: boolean;
  /** A sentence for that person; nothing of the error's own text. */
  message: string;
  originalError: Open;
}

/** Says what an error is, by its status, code and name. `options` as of `describeError` of `tabweave/recovery`. */
export function classifyError(error: unknown, options: DescribeOptions = {}): ErrorClassification {
  const { class: found, severity, message } = describeError(error, options);
  return {
    type: typeOfClass(found),
    severity,
    retryable: mayPass(error, found),
    message,
    originalError: error,
  };
}
