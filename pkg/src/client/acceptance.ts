import { type CollectionParts, type Definition, type DefinitionParts, PARTS } from "../definition/parts.js";
import type { JournalRecord, OperationBody } from "../engine/binding.js";
import type { TabweaveErrorCode } from "../errors/codes.js";
import { isTabweaveError, TabweaveError } from "../errors/error.js";
import { newId } from "../id.js";
import type { Journal } from "../journal.js";
import { cloned } from "./cloneable.js";
import type { DiagnosticLog } from "./diagnostics.js";
import type { Handlers } from "./handlers.js";
import type { Optimism } from "./optimism.js";
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
  /** Why nothing can be accepted. */
  unavailable(): TabweaveErrorCode | undefined;
  find(collection: CollectionParts, key: string, args: unknown): object | undefined;
  /** Throws what the optimistic function threw, or the engine's refusal. */
  enter(record: JournalRecord): void;
}

// The engine's words for its refusals.
const REFUSALS: Readonly<Record<string, TabweaveErrorCode>> = {
  closed: "client_closed",
  duplicate: "duplicate_operation",
  invalid_argument: "invalid_option",
  no_handler: "not_registered",
};

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
    const unavailable = this.host.unavailable();
    if (unavailable !== undefined) throw new TabweaveError(unavailable);
    if (definition?.[PARTS] === undefined) {
      throw new TabweaveError("invalid_option", { detail: "mutate() takes an operation or an edit." });
    }
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
    const { id, next, args } = argument as { id: string; next: unknown; args?: unknown };
    const base = this.host.find(collection, id, args);
    if (base === undefined) throw new TabweaveError("document_not_loaded");
    return { kind: "edit", collection: collection.name, document: id, base, next: cloned(next, "next") };
  }

  #refusal(thrown: unknown): TabweaveError {
    const { optimism } = this.host;
    if (isTabweaveError(thrown) && !optimism.threw(thrown)) return thrown;
    // The engine throws plain objects; whatever else comes was thrown by a function of the app.
    const { code } = (thrown ?? {}) as { code?: unknown };
    if (optimism.threw(thrown) || thrown instanceof Error || typeof code !== "string") {
      return new TabweaveError("optimistic_threw", { cause: thrown });
    }
    return new TabweaveError(REFUSALS[code] ?? (code as TabweaveErrorCode));
  }
}
