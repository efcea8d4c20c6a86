import type { CollectionParts, Definition, DefinitionParts } from "../definition/parts.js";
import type { JournalRecord, OperationBody } from "../engine/binding.js";
import { TabweaveError } from "../errors/error.js";
import { newId } from "../id.js";
import type { Journal } from "../journal.js";
import { check, checkDefinitions, checkText } from "./check.js";
import { cloned } from "./cloneable.js";
import type { DiagnosticLog } from "./diagnostics.js";
import type { Handlers } from "./handlers.js";
import type { Optimism } from "./optimism.js";
import { engineRefusal } from "./refusal.js";
import type { Settlements } from "./settlements.js";
import type { MutationHandle } from "./types.js";

/** What accepting operations needs of the client. */
export interface AcceptanceHost {
  readonly handlers: Handlers;
  readonly optimism: Optimism;
  readonly settlements: Settlements;
  readonly diagnostics: DiagnosticLog;
  readonly journal: Journal;
  /** Whether the source can tell of keys. */
  readonly knowsKeys: boolean;
  storageError(cause: unknown): TabweaveError;
  find(collection: CollectionParts, key: string, args: unknown): object | undefined;
  /** Throws what the optimistic function threw, or the engine's refusal. */
  enter(record: JournalRecord): void;
}

/** Accepts what a person did: shows it and writes it down in the task of the call. */
export class Acceptance {
  /** Operations that the journal could not take. */
  readonly #unsaved = new Map<string, TabweaveError>();
  /** Operations that the engine's store keeps in memory only. */
  readonly #volatile = new Set<string>();
  #isDegraded = false;

  constructor(private readonly host: AcceptanceHost) {}

  accept(definition: Definition, argument: unknown): MutationHandle<unknown> {
    const { settlements, diagnostics, journal } = this.host;
    const id = newId();
    const handle = settlements.open(id);
    try {
      const record = this.#record(id, definition, argument);
      this.host.enter(record);
      journal.append(record).then(
        () => settlements.persisted(id),
        (cause: unknown) => this.#notSaved(id, this.host.storageError(cause)),
      );
    } catch (thrown) {
      const error = this.#refusal(thrown);
      settlements.refuse(id, error);
      diagnostics.add(error, id);
    }
    return handle;
  }

  /** The engine's store took an operation over; `isDurable`: it outlives the page there. */
  released(id: string, isDurable: boolean): void {
    const error = this.#unsaved.get(id);
    this.#unsaved.delete(id);
    if (isDurable) this.host.settlements.persisted(id);
    else if (error !== undefined) this.host.settlements.notPersisted(id, error);
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
    if (this.#isDegraded || this.#volatile.has(id)) this.host.settlements.notPersisted(id, error);
    else this.#unsaved.set(id, error);
  }

  #record(id: string, definition: Definition, argument: unknown): JournalRecord {
    checkDefinitions([definition]);
    const parts = this.host.handlers.current(definition);
    const body = this.#body(parts, argument);
    return {
      schema: 1,
      id,
      name: parts.name,
      body,
      scope: parts.scopeOf(body),
      repeatable: parts.repeatable,
      confirmedByKey: parts.confirmedByKey && this.host.knowsKeys,
      acceptedMs: Date.now(),
    };
  }

  #body({ collection }: DefinitionParts, argument: unknown): OperationBody {
    if (collection === undefined) return { kind: "intent", arguments: cloned(argument, "args") };
    const { id, next, args } = (argument ?? {}) as { id: string; next: unknown; args?: unknown };
    checkText(id, "id");
    check(typeof next === "object" && next !== null, "`next` must be a document");
    const base = this.host.find(collection, id, args);
    if (base === undefined) throw new TabweaveError("document_not_loaded");
    return { kind: "edit", collection: collection.name, document: id, base, next: cloned(next, "next") };
  }

  #refusal(thrown: unknown): TabweaveError {
    try {
      if (!this.host.optimism.threw(thrown)) return engineRefusal(thrown);
    } catch {
      // Neither the engine's word nor ours: a function of the app threw it.
    }
    return new TabweaveError("optimistic_threw", { cause: thrown });
  }
}
