import { Deferred } from "../deferred.js";
import type { TabweaveError } from "../errors/error.js";
import { newId } from "../id.js";
import type { SettledOperation } from "./snapshots.js";
import type { MutationHandle } from "./types.js";

interface Open {
  readonly persisted: Deferred<void>;
  readonly settled: Deferred<unknown>;
}

/** The handle of an operation that nobody keeps. */
export function refusedHandle(error: TabweaveError): MutationHandle<never> {
  const refused = new Deferred<never>();
  refused.reject(error);
  return { id: newId(), persisted: refused.promise, settled: refused.promise };
}

/** The promises of the operations that were called in this page and have not come to an end. */
export class Settlements {
  readonly #open = new Map<string, Open>();

  open(id: string): MutationHandle<unknown> {
    const open = { persisted: new Deferred<void>(), settled: new Deferred<unknown>() };
    this.#open.set(id, open);
    return { id, persisted: open.persisted.promise, settled: open.settled.promise };
  }

  /** The call was refused: nothing of it is stored. */
  refuse(id: string, error: TabweaveError): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    open?.persisted.reject(error);
    open?.settled.reject(error);
  }

  persisted(id: string): void {
    this.#open.get(id)?.persisted.resolve();
  }

  notPersisted(id: string, error: TabweaveError): void {
    this.#open.get(id)?.persisted.reject(error);
  }

  /** Settles the promises: with the error, if the operation is not done. */
  settle({ id, result, error }: Pick<SettledOperation, "id" | "result" | "error">): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    // An operation that came to its end needs no store any more.
    open?.persisted.resolve();
    if (error !== undefined) open?.settled.reject(error);
    else open?.settled.resolve(result);
  }

  /** Nobody will tell how they end. Whether they are persisted is still told. */
  close(error: TabweaveError): void {
    for (const { settled } of this.#open.values()) settled.reject(error);
  }
}
