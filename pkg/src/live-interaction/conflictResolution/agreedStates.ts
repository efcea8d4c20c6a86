import { isSame } from "./told.js";

/** Of how many things it is kept what both sides held. */
const AGREED_STATES_MAX = 200;

/** What both sides held when they last held the same: what they differ in later, one of them has changed since. */
export class AgreedStates {
  readonly #states = new Map<string, unknown>();

  /** Keeps a copy: a state that the app goes on changing is not what both held. */
  remember(subject: string, state: unknown): void {
    const isKnown = this.#states.has(subject) && isSame(this.#states.get(subject), state);
    const copy = isKnown ? { state: this.#states.get(subject) } : copied(state);
    this.#states.delete(subject);
    if (copy === undefined) return;
    this.#states.set(subject, copy.state);
    if (this.#states.size > AGREED_STATES_MAX)
      this.#states.delete(this.#states.keys().next().value as string);
  }

  /** As a property; without it they never agreed, as far as is known. */
  baseOf(subject: string | undefined): { readonly base?: unknown } {
    return subject !== undefined && this.#states.has(subject) ? { base: this.#states.get(subject) } : {};
  }
}

/** Undefined: it cannot be copied. */
function copied(state: unknown): { readonly state: unknown } | undefined {
  try {
    return { state: structuredClone(state) };
  } catch {
    return undefined;
  }
}

/** A state that the app does not change any more; one that cannot be copied is that state itself. */
export function copyOf(state: unknown): unknown {
  const copy = copied(state);
  return copy === undefined ? state : copy.state;
}
