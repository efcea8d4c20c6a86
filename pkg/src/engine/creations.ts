import type { Placeholders } from "../client/placeholders.js";
import type { Session } from "../client/session.js";
import type { TopicRoom } from "../client/topics.js";
import type { CreatedId, DefinitionParts } from "../definition/parts.js";
import { isTabweaveError } from "../errors/error.js";
import { placeholderOf } from "../placeholder.js";
import type { EngineEvent, OperationRecord } from "./binding.js";
import { creatorOf, creatorsIn, namedIn } from "./replacing.js";

/** The durable topic in which all tabs find what was created, by the operations that did it. */
export const CREATED_TOPIC = "tabweave:created";
/** How long it is kept though no operation needs it: pages and addresses may name it still. */
const KEEP_MS = 24 * 60 * 60 * 1000;
/** How much is kept that no operation needs: topics have room for 10,000 entries. */
const KEPT_MAX = 1_000;

type Entries = Extract<EngineEvent, { type: "topic" }>["entries"];

/** What an operation created, as the topic holds it. */
interface Creation {
  readonly ids: readonly CreatedId[];
  readonly at: number;
}

/** Learns what operations created, and keeps it for all tabs as long as somebody needs it. */
export class Creations {
  /** Told of each operation of which it is known now what it created. */
  learned: (operation: string) => void = () => {};

  constructor(private readonly session: Session) {
    const { queries } = session.rooms;
    queries.recorded = (results) => {
      // What is shown is folded next: it is not done twice.
      for (const [id, result] of results)
        this.#learn(id, this.#idsOf(id, this.#names.creators.get(id), result));
    };
  }

  /** An operation is done. `tells`: this tab has the others know. */
  done(id: string, result: unknown, tells: boolean, parts = this.#names.creators.get(id)): void {
    const ids = this.#idsOf(id, parts, result);
    if (ids.length === 0) return;
    this.#take(id, ids);
    if (tells && !this.#isSecret(id)) this.#store(id, ids);
  }

  /** The server accepted an operation that this tab sent. */
  accepted(id: string, parts: DefinitionParts, result: unknown): void {
    const isKnown = this.#names.creators.has(id) || typeof parts.creates === "function";
    if (isKnown) this.done(id, result, true, parts);
  }

  /** Another tab tells, or the store. */
  heard(entries: Entries): void {
    for (const [operation, value] of entries) {
      if (isCreation(value) && creatorOf(placeholderOf(operation)) !== undefined) {
        this.#take(operation, value.ids);
      }
    }
  }

  /**
   * Finds what nobody was told of, since a tab broke off between the answer and this. `isNeeded`: an operation names what
   * it created.
   */
  find({ id, name, state, result, terms }: OperationRecord, isNeeded: (id: string) => boolean): void {
    // Of what is sensitive the record does not tell.
    if (state !== "done" || terms?.sensitive) return;
    const parts = this.session.rooms.handlers.find(name) ?? this.#names.creators.get(id);
    if (parts?.creates === undefined) return;
    if (typeof parts.creates === "function" || isNeeded(id)) this.done(id, result, true, parts);
  }

  /** Drops what no operation needs and nobody will ask for. */
  prune(isNeeded: (id: string) => boolean): void {
    const all = [...this.#topic.getSnapshot()].map(([id, value]) => ({
      id,
      at: isCreation(value) ? value.at : 0,
    }));
    const latest = all.sort((a, b) => b.at - a.at);
    const isPast = ({ at }: { readonly at: number }, place: number) =>
      place >= KEPT_MAX || Date.now() - at > KEEP_MS;
    for (const { id } of latest.filter(isPast)) if (!isNeeded(id)) this.#topic.remove(id);
  }

  get #names(): Placeholders {
    return this.session.rooms.placeholders;
  }

  get #topic(): TopicRoom {
    return this.session.rooms.topics.room(true, CREATED_TOPIC);
  }

  /** What a sensitive operation created is of its result, which stays in this page. */
  #isSecret(id: string): boolean {
    return this.session.secrets.bodyOf(id) !== undefined;
  }

  #idsOf(id: string, parts: DefinitionParts | undefined, result: unknown): readonly CreatedId[] {
    const creates = parts?.creates;
    try {
      const ids: unknown = typeof creates === "function" ? creates(result) : creates && result;
      const list: readonly unknown[] = Array.isArray(ids) ? ids : [ids];
      const isWhole = creates === "result" ? typeof ids === "string" : list.every(isId);
      return isWhole ? (list as readonly CreatedId[]) : [];
    } catch (error) {
      this.session.rooms.diagnostics.report("creates_threw", this.#isSecret(id) ? undefined : error);
      return [];
    }
  }

  /** Learns, and has what is shown folded over it. */
  #take(operation: string, ids: readonly CreatedId[]): void {
    if (this.#learn(operation, ids)) this.session.use((core) => core.handleBase([], []));
  }

  /** True if it was not known. */
  #learn(operation: string, ids: readonly CreatedId[]): boolean {
    const { ids: known, keys } = this.#names;
    let isNew = false;
    ids.forEach((id, index) => {
      const placeholder = placeholderOf(operation, index);
      if (known.get(placeholder) === id) return;
      isNew = true;
      known.set(placeholder, id);
      keys.set(String(id), placeholder);
    });
    if (isNew) this.learned(operation);
    return isNew;
  }

  #store(operation: string, ids: readonly CreatedId[]): void {
    if (this.#topic.get(operation) !== undefined) return;
    try {
      const creation: Creation = { ids, at: Date.now() };
      this.#topic.publish(operation, creation);
    } catch (error) {
      // This tab knows it all the same, and the operation's record tells for a while.
      if (!isTabweaveError(error)) throw error;
      this.session.rooms.diagnostics.addOnce(error);
    }
  }
}

/** The operations whose documents others name that are not done, nor given up for good. */
export function neededBy(records: readonly OperationRecord[]): Set<string> {
  const open = records.filter(({ state }) => state !== "done" && state !== "cancelled");
  const texts = open.flatMap(({ body, scope }) => [...namedIn(body), scope]);
  return new Set(texts.flatMap(creatorsIn));
}

function isCreation(value: unknown): value is Creation {
  const { ids, at } = (value ?? {}) as Partial<Creation>;
  return Array.isArray(ids) && ids.every(isId) && typeof at === "number";
}

function isId(value: unknown): value is CreatedId {
  return typeof value === "string" || typeof value === "number";
}
