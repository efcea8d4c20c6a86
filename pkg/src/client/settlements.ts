import { Deferred } from "../deferred.js";
import type { TabweaveError } from "../errors/error.js";
import type { SettledOperation } from "./snapshots.js";

interface Open {
  /** Settled once the engine's store holds it, or nobody will tell any more. */
  readonly stored: Deferred<void>;
  readonly settled: Deferred<unknown>;
}

/** The promises of the operations that were called in this page and have not come to an end. */
export class Settlements {
  readonly #open = new Map<string, Open>();
  /** Promises of operations that went into these. */
  readonly #followers = new Map<string, Deferred<unknown>[]>();
  #isDegraded = false;

  open(id: string): Open {
    const open = { stored: new Deferred<void>(), settled: new Deferred<unknown>() };
    this.#open.set(id, open);
    if (this.#isDegraded) open.stored.reject(undefined);
    return open;
  }

  /** Whether somebody in this page was given the promises of this operation. */
  isAwaited(id: string): boolean {
    return this.#open.has(id);
  }

  /** The call was refused. */
  forget(id: string): void {
    this.#open.delete(id);
  }

  /** The engine's store took it over; `isDurable`: it outlives the page there. */
  stored(id: string, isDurable: boolean): void {
    const stored = this.#open.get(id)?.stored;
    if (isDurable) stored?.resolve();
    else stored?.reject(undefined);
  }

  /** Settles the promises: with the error, if the operation is not done. */
  settle({ id, result, error }: Pick<SettledOperation, "id" | "result" | "error">): void {
    // An operation that came to its end needs no store any more.
    this.stored(id, true);
    const settled = this.#open.get(id)?.settled;
    const all = [...(settled ? [settled] : []), ...(this.#followers.get(id) ?? [])];
    this.#open.delete(id);
    this.#followers.delete(id);
    for (const one of all) {
      if (error !== undefined) one.reject(error);
      else one.resolve(result);
    }
  }

  /** Another operation does what this one was to do, too: its promises end as that one's do. */
  follow(id: string, into: string): void {
    const waiting = this.#followers.get(id) ?? [];
    this.#followers.delete(id);
    const settled = this.#open.get(id)?.settled;
    this.stored(id, true);
    this.#open.delete(id);
    if (settled !== undefined) waiting.push(settled);
    if (waiting.length > 0) this.#followers.set(into, [...(this.#followers.get(into) ?? []), ...waiting]);
  }

  /** No store but the journal will take anything over. */
  degrade(): void {
    this.#isDegraded = true;
    for (const { stored } of this.#open.values()) stored.reject(undefined);
  }

  /** Nobody will tell how they end. */
  close(error: TabweaveError): void {
    this.degrade();
    for (const { settled } of this.#open.values()) settled.reject(error);
    for (const followers of this.#followers.values()) for (const settled of followers) settled.reject(error);
  }
}
