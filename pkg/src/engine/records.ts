import type { OperationRecord } from "./binding.js";

/** All operations as records, read once for all that ask in a task: there may be thousands of them. */
export class Records {
  #known: OperationRecord[] | undefined;

  constructor(private readonly read: () => OperationRecord[]) {}

  all(): readonly OperationRecord[] {
    if (this.#known === undefined) {
      this.#known = this.read();
      // They take room, and what asks for them comes in bursts.
      setTimeout(() => this.forget());
    }
    return this.#known;
  }

  /** The engine tells or wants something, so that they may have changed. */
  forget(): void {
    this.#known = undefined;
  }
}
