import type { JournalRecord, OperationBody } from "../engine/binding.js";

/** What sensitive operations are to do, by their ids: known to this page alone, for as long as they may be sent. */
export class Secrets {
  readonly #bodies = new Map<string, OperationBody>();

  /** Keeps what a sensitive operation is to do; what is returned says nothing of it, and may be told to anybody. */
  hide(record: JournalRecord): JournalRecord {
    if (record.terms?.sensitive !== true) return record;
    const { id, body } = record;
    this.#bodies.set(id, body);
    const shell =
      body.kind === "intent"
        ? { ...body, arguments: undefined }
        : { ...body, base: undefined, next: undefined };
    return { ...record, body: shell };
  }

  /** What an operation is to do, if this page is the one that knows. */
  readonly bodyOf = (id: string): OperationBody | undefined => this.#bodies.get(id);

  release(id: string): void {
    this.#bodies.delete(id);
  }

  clear(): void {
    this.#bodies.clear();
  }
}
