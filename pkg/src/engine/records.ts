import type { OperationRecord } from "./binding.js";

/** All operations as records, read once for all that look at them: there may be thousands. */
export class Records {
  #known: readonly OperationRecord[] | undefined;

  constructor(private readonly read: () => readonly OperationRecord[]) {}

  all(): readonly OperationRecord[] {
    this.#known ??= this.read();
    return this.#known;
  }

  /** One of them has changed, or may have. */
  forget(): void {
    this.#known = undefined;
  }
}
