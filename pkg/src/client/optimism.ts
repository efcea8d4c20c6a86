import type { OperationBody, OptimisticRun, Touch } from "../engine/binding.js";
import { TabweaveError } from "../errors/error.js";
import { type LoadedQuery, Overlay } from "../overlay.js";
import type { Handlers } from "./handlers.js";
import { Placeholders } from "./placeholders.js";

/** Runs optimistic functions for whoever folds operations over results. */
export class Optimism {
  #isRunning = false;
  /** What the last run threw. */
  #thrown: { readonly error: unknown } | undefined;

  constructor(
    private readonly handlers: Handlers,
    private readonly loaded: () => readonly LoadedQuery[],
    private readonly names = new Placeholders(),
    private readonly secretOf: (id: string) => OperationBody | undefined = () => undefined,
  ) {}

  /** Runs one over the draft. Null if no operation of this name is registered, or only another page knows what it does. */
  run(
    { id, name, body: told, version, sensitive, atMs }: OptimisticRun,
    draft: Map<string, unknown>,
  ): Touch[] | null {
    const parts = this.handlers.find(name);
    const body = sensitive ? this.secretOf(id) : told;
    // What a newer version of the app stored only a tab that runs it can read.
    if (parts === undefined || body === undefined || version > (parts.terms.version ?? 0)) return null;
    const { names } = this;
    const overlay = new Overlay(draft, this.loaded(), id, atMs, names);
    this.#isRunning = true;
    this.#thrown = undefined;
    try {
      const current = names.replace(parts.migrated(body, version), names.ids);
      const returned = parts.optimistic(overlay, current) as { then?: unknown } | null | undefined;
      if (returned?.then !== undefined)
        throw new TypeError("An optimistic function must not be asynchronous.");
      if (overlay.placeholders > 0 || typeof parts.creates === "function") names.creators.set(id, parts);
      return overlay.commit();
    } catch (error) {
      this.#thrown = { error };
      throw error;
    } finally {
      this.#isRunning = false;
    }
  }

  /** The client must not be called while an optimistic function runs. */
  assertOutside(): void {
    if (this.#isRunning) throw new TabweaveError("reentrant_call");
  }

  /** Whether this was thrown by the optimistic function that ran last. */
  threw(error: unknown): boolean {
    return this.#thrown !== undefined && this.#thrown.error === error;
  }
}
