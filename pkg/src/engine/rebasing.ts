import type { Session } from "../client/session.js";
import type { AttemptOutcome, DefinitionParts } from "../definition/parts.js";
import { TabweaveError } from "../errors/error.js";
import { sameValue } from "../token.js";
import type { AttemptRequest, OperationBody, OperationRecord, RebasedEdit } from "./binding.js";
import { confirmedDocument } from "./confirmed.js";
import { mergedIfPossible } from "./load.js";

type ConflictOutcome = Extract<AttemptOutcome, { kind: "conflict" }>;
type EditBody = Extract<OperationBody, { kind: "edit" }>;

/** Merges edits with what the server has come to hold: before they are sent if this tab knows it, or when it says so. */
export class Rebasing {
  /** Edits of which this tab has seen the server hold what they were made on: what it holds later is newer than that. */
  readonly #seen = new Set<string>();

  constructor(private readonly session: Session) {}

  /** An operation was added, or has changed: is what it was made on what the server holds now? */
  look({ id, state, body, name, rebases }: OperationRecord): void {
    if (body.kind !== "edit" || state !== "queued" || rebases !== undefined) {
      this.#seen.delete(id);
      return;
    }
    const collection = this.session.rooms.handlers.find(name)?.collection;
    if (this.#seen.has(id) || collection === undefined) return;
    const held = confirmedDocument(this.session.rooms, collection, body.document, id);
    if (held !== undefined && sameValue(held.document, body.base)) this.#seen.add(id);
  }

  /**
   * What is known before the edit is sent: the server has come to hold another document than it was made on. Undefined:
   * nothing, or it cannot be relied on: this tab may be behind the one in which it was made, what this person did before
   * may not be in it yet, or this edit may be in it already.
   */
  beforehand(
    { id, version, inDoubt, sensitive, acceptedMs }: AttemptRequest,
    parts: DefinitionParts,
    body: OperationBody,
  ): AttemptOutcome | undefined {
    if (body.kind !== "edit" || parts.collection === undefined || inDoubt || sensitive) return undefined;
    if (!this.#seen.has(id) || !isCurrent(version, parts)) return undefined;
    const held = confirmedDocument(this.session.rooms, parts.collection, body.document, id);
    if (held === undefined || sameValue(held.document, body.base)) return undefined;
    const { document } = held;
    const rebased = this.#merge(body, document, parts, { localMs: acceptedMs, serverMs: held.atMs });
    const error = new TabweaveError("conflict");
    return { kind: "conflict", error, current: { document }, ...(rebased && { rebased }) };
  }

  /** The outcome of an attempt, with what becomes of the edit if it is a conflict that nobody has to decide. */
  afterwards(
    { version, inDoubt, sensitive, acceptedMs }: AttemptRequest,
    parts: DefinitionParts,
    body: OperationBody,
    outcome: AttemptOutcome,
  ): AttemptOutcome {
    const document = currentOf(outcome);
    if (document === undefined || body.kind !== "edit" || inDoubt || sensitive) return outcome;
    if (!isCurrent(version, parts)) return outcome;
    // When others did it only the server could tell: it was unknown here until now.
    const rebased = this.#merge(body, document, parts, { localMs: acceptedMs, serverMs: Date.now() });
    return rebased === undefined ? outcome : { ...(outcome as ConflictOutcome), rebased };
  }

  #merge(
    { base, next }: EditBody,
    server: unknown,
    { policy }: DefinitionParts,
    times: { readonly localMs: number; readonly serverMs: number },
  ): RebasedEdit | undefined {
    const merged = mergedIfPossible({ base, local: next, server }, policy, times);
    if (merged === undefined || merged.conflicts.length > 0) return undefined;
    const who = this.session.identity ?? undefined;
    const decided = merged.decisions.map((decision) => ({ ...decision, ...(who !== undefined && { who }) }));
    return { base: server, next: merged.value, decided };
  }
}

/** What is stored in an older form of the app's would be stored in the new one, and read as one of the old. */
function isCurrent(version: number, { terms }: DefinitionParts): boolean {
  return version === (terms.version ?? 0);
}

function currentOf(outcome: AttemptOutcome): unknown {
  if (outcome.kind !== "conflict" || outcome.current === undefined) return undefined;
  return "document" in outcome.current ? outcome.current.document : undefined;
}
