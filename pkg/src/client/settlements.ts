import { Deferred } from "../deferred.js";
import type { Failure, Settlement } from "../engine/binding.js";
import { TabweaveError } from "../errors/error.js";
import { revivedError } from "../errors/plain.js";
import { newId } from "../id.js";
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
  /** What the server threw at attempts made here; the store keeps only its plain parts. */
  readonly #thrown = new Map<string, unknown>();

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

  /** Remembers what an attempt threw, as it was thrown. */
  remember(id: string, thrown: unknown): void {
    this.#thrown.set(id, thrown);
  }

  /** Settles the promises; the error, if the operation is not done. */
  settle(id: string, settlement: Settlement): TabweaveError | undefined {
    const error = this.#errorOf(id, settlement);
    this.#thrown.delete(id);
    const open = this.#open.get(id);
    this.#open.delete(id);
    // An operation that came to its end needs no store any more.
    open?.persisted.resolve();
    if (error !== undefined) open?.settled.reject(error);
    else open?.settled.resolve(settlement.state === "done" ? settlement.result : undefined);
    return error;
  }

  /** The error of a failed attempt, with what was really thrown if that happened in this page. */
  failure(id: string, failure: Failure): TabweaveError {
    const cause = this.#thrown.has(id) ? this.#thrown.get(id) : revivedError(failure.error);
    const detail = cause instanceof Error && cause.message !== "" ? `${cause.message}.` : undefined;
    return new TabweaveError(failure.code, detail === undefined ? { cause } : { detail, cause });
  }

  /** Nobody will tell how they end. Whether they are persisted is still told. */
  close(error: TabweaveError): void {
    for (const { settled } of this.#open.values()) settled.reject(error);
  }

  #errorOf(id: string, settlement: Settlement): TabweaveError | undefined {
    switch (settlement.state) {
      case "done":
        return undefined;
      case "cancelled":
        return new TabweaveError("cancelled");
      case "dead":
        return this.failure(id, settlement);
    }
  }
}
