import { cloned } from "../../client/cloneable.js";
import { loadedMerging } from "../../engine/load.js";
import { TabweaveError } from "../../errors/error.js";
import { isRecord } from "../../merge/kind.js";
import type { ConflictChoice, ParkedConflict, ResolvedConflict } from "../../merge/parked.js";
import { pathText } from "../../merge/path.js";
import { mergePolicy, POLICY } from "../../merge/policy.js";
import type { InteractionId } from "../open.js";
import type { PageClient } from "../pageClient.js";
import type { Conflict } from "./conflict.js";
import { severityOf } from "./conflictSeverity.js";
import { ConflictType, describe } from "./conflictType.js";
import type { MergeStrategies, StrategyThrew } from "./mergeStrategy.js";
import type { ResolutionMethod } from "./resolution.js";
import { isSame } from "./told.js";

const { statusKeys } = mergePolicy()[POLICY];

/** What the server holds was told after the edit had been made: so the client takes it, too. */
const LATER_MS = Number.MAX_SAFE_INTEGER;

/** How a person decided about an edit; undefined instead of a state: it is to be made of both. */
export interface Decision {
  readonly method: ResolutionMethod;
  readonly mergedState: unknown;
}

/** What a decision comes to. */
export interface Decided {
  /** The state that counts. */
  readonly state: unknown;
  /** Parts that both sides changed and nobody decided: they stay as the server has them. */
  readonly asServer?: readonly string[] | undefined;
}

/** Edits that wait in a client until somebody decides, as conflicts like any other. */
export class ParkedEdits {
  #shown = new WeakMap<ParkedConflict, Conflict>();
  /** Those that were decided here. One that is in conflict again is another object. */
  readonly #decided = new WeakSet<ParkedConflict>();

  constructor(private readonly strategies: MergeStrategies) {}

  list(client: PageClient | undefined): Conflict[] {
    return this.#waiting(client).map((parked) => this.#conflictOf(parked));
  }

  /** Whether both sides of one can be kept is looked at again. */
  refresh(): void {
    this.#shown = new WeakMap();
  }

  /**
   * Ends the wait of an edit, in all tabs. Throws a TabweaveError if it was not taken: somebody else was faster, or the
   * document cannot be that.
   */
  resolve(client: PageClient, id: string, decision: Decision, threw: StrategyThrew): Decided {
    const parked = this.#waiting(client).find((one) => one.id === id);
    if (parked === undefined) throw new TabweaveError("not_changeable");
    const resolution =
      decision.method === "server" ? undefined : this.#resolutionOf(client, parked, decision, threw);
    const isTaken = client.use((core) => core.resolve?.(id, resolution ?? { discard: true })) ?? false;
    if (!isTaken) throw new TabweaveError("not_changeable");
    this.#decided.add(parked);
    if (resolution === undefined) return { state: parked.server };
    const left = resolution.choices.filter(({ kind }) => kind === "server").map(({ path }) => pathText(path));
    return { state: resolution.value, asServer: left.length > 0 ? left : undefined };
  }

  #waiting(client: PageClient | undefined): ParkedConflict[] {
    const parked = client?.conflicts.getSnapshot() ?? [];
    return parked.filter((one) => !this.#decided.has(one));
  }

  #conflictOf(parked: ParkedConflict): Conflict {
    const known = this.#shown.get(parked);
    if (known !== undefined) return known;
    const { id, document, local, server, atMs, merged } = parked;
    const type = typeOf(parked);
    // It is asked again when it counts; what it throws then is told.
    const isDecided = this.#byStrategy(parked, () => {}) !== undefined;
    const isRemoval = merged.conflicts.some(({ why }) => why === "removed");
    const conflict: Conflict = {
      id,
      type,
      severity: severityOf(type, { isDecided, isRemoval }),
      interactionId: interactionOf(local, document),
      serverState: server,
      clientState: local,
      timestamp: atMs,
      description: describe(
        type,
        merged.conflicts.map(({ path }) => pathText(path)),
      ),
      autoResolvable: isDecided,
      resolved: false,
    };
    this.#shown.set(parked, conflict);
    return conflict;
  }

  #resolutionOf(
    client: PageClient,
    parked: ParkedConflict,
    decision: Decision,
    threw: StrategyThrew,
  ): ResolvedConflict {
    const { method, mergedState } = decision;
    if (method === "client") return localOf(client, parked);
    if (mergedState !== undefined) {
      return { value: given(client, parked, mergedState), choices: whole(decision) };
    }
    if (method === "manual") throw missing();
    const made = this.#byStrategy(parked, threw);
    if (made !== undefined) {
      return { value: given(client, parked, made), choices: whole({ method, mergedState: made }) };
    }
    const { value, conflicts } = parked.merged;
    if (isSame(value, parked.server)) throw nothingToMerge();
    return { value, choices: conflicts.map((one) => choice(one.path, "server", one, "server")) };
  }

  #byStrategy(parked: ParkedConflict, threw: StrategyThrew): unknown {
    if (!("server" in parked)) return undefined;
    return this.strategies.merge(typeOf(parked), parked.server, parked.local, threw)?.value;
  }
}

/** What the person did, and what the others did elsewhere. */
function localOf(client: PageClient, parked: ParkedConflict): ResolvedConflict {
  const policy = client.handlers.find(parked.name)?.policy;
  const setting = { localMs: parked.atMs, serverMs: LATER_MS, showsLocal: true };
  const value = loadedMerging()?.merge(parked, policy, setting).value;
  return { value, choices: parked.merged.conflicts.map((one) => choice(one.path, "local", one, "local")) };
}

/** A document that was given: a whole one, of the same key. */
function given(client: PageClient, parked: ParkedConflict, state: unknown): unknown {
  const document = cloned(state, "mergedState");
  const collection = client.handlers.find(parked.name)?.collection;
  const hasKey = (key: string) => client.keyOf(key) === client.keyOf(parked.document);
  if (isRecord(document) && (collection === undefined || hasKey(collection.keyOf(document)))) return document;
  const detail = "`mergedState` of an edit is its whole document, with its key.";
  throw new TabweaveError("invalid_option", { detail });
}

function choice(
  path: ConflictChoice["path"],
  kind: ConflictChoice["kind"],
  sides: object,
  side: "local" | "server",
): ConflictChoice {
  return side in sides ? { path, kind, result: (sides as Record<string, unknown>)[side] } : { path, kind };
}

/** One choice, of the whole document. */
function whole({ method, mergedState }: Decision): ConflictChoice[] {
  return [{ path: [], kind: method === "merge" ? "merge" : "manual", result: mergedState }];
}

export function missing(): TabweaveError {
  return new TabweaveError("invalid_option", { detail: "`manual` needs the `mergedState` that counts." });
}

export function nothingToMerge(): TabweaveError {
  const detail =
    "Both sides changed the same parts, and no rule decides: choose a side, or give a `mergedState`.";
  return new TabweaveError("conflict", { detail });
}

/** By the parts that nobody has decided. */
function typeOf({ merged }: ParkedConflict): ConflictType {
  const fields = merged.conflicts.map(({ path }) => path[0]);
  if (fields.length === 0) return ConflictType.CUSTOM;
  if (fields.every((field) => statusKeys.some((key) => key === field))) return ConflictType.STATUS_UPDATE;
  const isOfTurns = fields.every((field) => typeof field === "string" && /^initiative/i.test(field));
  return isOfTurns ? ConflictType.INITIATIVE_CHANGE : ConflictType.CUSTOM;
}

/** The interaction that a document belongs to, or is. */
function interactionOf(document: unknown, key: string): InteractionId {
  const named = isRecord(document) ? document.interactionId : undefined;
  return (typeof named === "string" ? named : key) as InteractionId;
}
