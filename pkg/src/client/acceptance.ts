import type { Definition, DefinitionParts } from "../definition/parts.js";
import type { JournalRecord, OperationBody } from "../engine/binding.js";
import { TabweaveError } from "../errors/error.js";
import { newId } from "../id.js";
import { check, checkDefinitions, checkText } from "./check.js";
import { cloned } from "./cloneable.js";
import { engineRefusal } from "./refusal.js";
import { type Session, storageError } from "./session.js";
import type { MutationHandle } from "./types.js";

/** Accepts what a person did: shows it and writes it down in the task of the call. */
export class Acceptance {
  /** Operations that the journal could not take. */
  readonly #unsaved = new Map<string, TabweaveError>();
  /** Operations that the engine's store keeps in memory only. */
  readonly #volatile = new Set<string>();
  #isDegraded = false;

  constructor(private readonly session: Session) {}

  accept(definition: Definition, argument: unknown): MutationHandle<unknown> {
    const { settlements, journal, rooms } = this.session;
    const id = newId();
    const handle = settlements.open(id);
    try {
      const record = this.#record(id, definition, argument);
      // Throws what the optimistic function threw, or the engine's refusal.
      this.session.use((core) => core.mutate(record));
      journal.append(record).then(
        () => settlements.persisted(id),
        (cause: unknown) => this.#notSaved(id, storageError(cause)),
      );
    } catch (thrown) {
      const error = this.#refusal(thrown);
      settlements.refuse(id, error);
      rooms.diagnostics.add(error, id);
    }
    return handle;
  }

  /** The engine's store took an operation over; `isDurable`: it outlives the page there. */
  released(id: string, isDurable: boolean): void {
    const error = this.#unsaved.get(id);
    this.#unsaved.delete(id);
    if (isDurable) this.session.settlements.persisted(id);
    else if (error !== undefined) this.session.settlements.notPersisted(id, error);
    else this.#volatile.add(id);
  }

  /** Nothing more is to be saved of it. */
  settled(id: string): void {
    this.#unsaved.delete(id);
    this.#volatile.delete(id);
  }

  /** No shared store will take over what the journal could not. */
  degrade(): void {
    this.#isDegraded = true;
    for (const [id, error] of this.#unsaved) this.#notSaved(id, error);
  }

  #notSaved(id: string, error: TabweaveError): void {
    if (this.#isDegraded || this.#volatile.has(id)) this.session.settlements.notPersisted(id, error);
    else this.#unsaved.set(id, error);
  }

  #record(id: string, definition: Definition, argument: unknown): JournalRecord {
    checkDefinitions([definition]);
    const { rooms, source } = this.session;
    const parts = rooms.handlers.current(definition);
    const body = this.#body(parts, argument);
    return {
      schema: 1,
      id,
      name: parts.name,
      body,
      scope: parts.scopeOf(body),
      repeatable: parts.repeatable,
      confirmedByKey: parts.confirmedByKey && source?.knowsKeys === true,
      acceptedMs: Date.now(),
    };
  }

  #body({ collection }: DefinitionParts, argument: unknown): OperationBody {
    if (collection === undefined) return { kind: "intent", arguments: cloned(argument, "args") };
    const { id, next, args } = (argument ?? {}) as { id: string; next: unknown; args?: unknown };
    checkText(id, "id");
    check(typeof next === "object" && next !== null, "`next` must be a document");
    const base = this.session.rooms.queries.find(collection, id, args);
    if (base === undefined) throw new TabweaveError("document_not_loaded");
    return { kind: "edit", collection: collection.name, document: id, base, next: cloned(next, "next") };
  }

  #refusal(thrown: unknown): TabweaveError {
    try {
      if (!this.session.rooms.optimism.threw(thrown)) return engineRefusal(thrown);
    } catch {
      // Neither the engine's word nor ours: a function of the app threw it.
    }
    return new TabweaveError("optimistic_threw", { cause: thrown });
  }
}
