import { check } from "./check.js";

/** Functions to be called when something changes. */
export class Listeners<Arguments extends unknown[] = []> {
  readonly #listeners = new Set<{ readonly call: (...args: Arguments) => void }>();

  get size(): number {
    return this.#listeners.size;
  }

  /** Adds a function, also one that is there already; the returned one takes it out again, and tells if it did. */
  add(call: (...args: Arguments) => void): () => boolean {
    check(typeof call === "function", "listener");
    const listener = { call };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls all of them; what one throws is thrown later, so that the others and the engine go on. */
  tell(...args: Arguments): void {
    for (const { call } of [...this.#listeners]) {
      try {
        call(...args);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
