import { isTabweaveError, type TabweaveError } from "../errors/error.js";

/** The error as one of this package, if it is one; never throws, whatever it is given. */
export function ownError(error: unknown): TabweaveError | undefined {
  try {
    return isTabweaveError(error) ? error : undefined;
  } catch {
    // A proxy that does not let itself be looked at.
    return undefined;
  }
}
