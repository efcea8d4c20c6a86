import type { ConflictState } from "./register.js";

/**
 * Which state counts. `server`: what the server holds. `client`: what this person wants. `merge`: what both did.
 * `manual`: something else, which is given.
 */
export type ResolutionMethod = "server" | "client" | "merge" | "manual";

/** As `ResolutionMethod`; `local` is another name of `client`. */
export type GivenMethod = ResolutionMethod | "local";

const METHODS: readonly unknown[] = ["server", "client", "merge", "manual"] satisfies ResolutionMethod[];

/** Undefined: there is no such method. */
export function methodOf(given: unknown): ResolutionMethod | undefined {
  if (given === "local") return "client";
  return METHODS.includes(given) ? (given as ResolutionMethod) : undefined;
}

/** How a conflict ended. */
export interface ConflictResolution {
  method: ResolutionMethod;
  /** When, in milliseconds since 1970. */
  timestamp: number;
  /** Who decided, if somebody did and it is known. */
  userId?: string;
  /** What that person said; of an automatic merge, what made it. */
  notes?: string;
  /** The state that counts, whatever the method. */
  mergedState?: ConflictState;
}
