import { check } from "../../client/check.js";
import { Listeners } from "../../client/listeners.js";
import type { TabweaveClient } from "../../client/types.js";
import type { DocumentChange, Edit } from "../../definition/edit.js";
import type { Operation } from "../../definition/operation.js";
import { type Definition, PARTS } from "../../definition/parts.js";
import { init } from "../../init.js";
import { sameValue } from "../../token.js";
import type { AuditEntry } from "./auditLog.js";
import { type Conflict, type ConflictDetectionResult, resultOf } from "./conflict.js";
import type { ConflictBook } from "./conflictBook.js";
import { type ConflictStats, statsOf } from "./conflictStats.js";
import { CONFLICT_TYPES, type ConflictType } from "./conflictType.js";
import { type ArgumentOf, ConnectedOperations } from "./connectedOperations.js";
import { Followed } from "./followed.js";
import { MergeStrategies, type MergeStrategy } from "./mergeStrategy.js";
import { ParkedEdits } from "./parkedEdits.js";
import { type GivenMethod, methodOf } from "./resolution.js";
import { Resolver } from "./resolver.js";
import { isSame, type Told } from "./told.js";

export interface ConflictResolutionOptions {
  /** The client to work with; by default the only one of the page. */
  readonly client?: TabweaveClient;
  /**
   * Whether conflicts are kept where there is no document, as in a test. On a server, where several people share a module,
   * what is kept for one would be shown to the next. Default: false.
   */
  readonly keepsOnServer?: boolean;
}

/** What is shown of all conflicts. The same object until something in it changed. */
export interface ConflictsState {
  activeConflicts: Conflict[];
  stats: ConflictStats;
}

/** What is shown before anything is known, and on a server. */
export const INITIAL_STATE: ConflictsState = Object.freeze({ activeConflicts: [], stats: statsOf([], []) });

/**
 * The conflicts of a page: those that the app detects by comparing states, and the edits that wait in the client until
 * somebody decides. The latter are the same in all tabs and outlive a reload; the former are in the memory of this page,
 * and are forgotten when another person signs in.
 */
export class ConflictResolutionManager {
  readonly #strategies = new MergeStrategies();
  readonly #operations = new ConnectedOperations();
  readonly #parked = new ParkedEdits(this.#strategies);
  readonly #listeners = new Listeners();
  readonly #followed: Followed;
  readonly #resolver: Resolver;
  #state: ConflictsState = INITIAL_STATE;
  /** What was told last: whoever looks before it is told does not keep it from the others. */
  #told: ConflictsState = INITIAL_STATE;
  #isLoading = false;

  constructor({ client, keepsOnServer = false }: ConflictResolutionOptions = {}) {
    const keeps = keepsOnServer || typeof document !== "undefined";
    this.#followed = new Followed(client, keeps, () => this.#changed());
    this.#resolver = new Resolver(
      () => this.#followed.client,
      this.#strategies,
      this.#operations,
      this.#parked,
    );
  }

  /** Has states of this type merged by a strategy of the app, before the rules are asked. */
  registerMergeStrategy(conflictType: ConflictType, strategy: MergeStrategy): void {
    checkType(conflictType);
    check(typeof strategy?.merge === "function" && typeof strategy.canMerge === "function", "strategy");
    this.#strategies.add(conflictType, strategy);
    this.#parked.refresh();
    const book = this.#followed.look();
    book.forgetJudgements(conflictType);
    this.#settleAll(book);
  }

  /**
   * Connects what brings a resolved state of this type to the server: an edit of the document that the state is, whose key
   * is the interaction's id; or, with `argumentOf`, any edit or operation. Without one a resolution is recorded, and the
   * app has to send `resolution.mergedState`. One of each type; the returned function takes it back.
   */
  registerOperation<Args>(
    conflictType: ConflictType,
    operation: Operation<Args, unknown>,
    argumentOf: ArgumentOf<NoInfer<Args>>,
  ): () => void;
  registerOperation<Document extends object, Args>(
    conflictType: ConflictType,
    edit: Edit<Document, Args, unknown>,
    argumentOf?: ArgumentOf<DocumentChange<NoInfer<Document>, NoInfer<Args>>>,
  ): () => void;
  registerOperation(
    conflictType: ConflictType,
    definition: Definition,
    argumentOf?: ArgumentOf<unknown>,
  ): () => void {
    checkType(conflictType);
    check(definition?.[PARTS] !== undefined, "operation");
    check(typeof argumentOf === "function" || definition[PARTS].collection !== undefined, "argumentOf");
    return this.#operations.add(conflictType, definition, argumentOf);
  }

  /**
   * Compares two states. **Mind the order: the server's state comes first, this person's second**, as it did in the module
   * that this one takes the place of; the other way round every decision would be the opposite one. If they differ, and a strategy or the rules can keep
   * both, that is resolved at once, as `merge`; else it waits for `resolveConflict`. Told again, the same two states are
   * the same conflict; so are newer ones of the same thing, as long as it waits.
   */
  detectConflict(
    interactionId: string,
    serverState: unknown,
    clientState: unknown,
    type: ConflictType,
  ): ConflictDetectionResult {
    check(typeof interactionId === "string", "interactionId");
    checkType(type);
    const book = this.#followed.look();
    const told: Told = { interactionId, type, serverState, clientState };
    if (isSame(serverState, clientState)) {
      book.agree(told);
      this.#changed();
      return resultOf();
    }
    const known = book.known(told);
    const detected = known ?? book.add(told);
    const isOpen = known === undefined || (!known.conflict.resolved && known.judgement === undefined);
    if (isOpen && !this.#resolver.settle(book, detected)) this.#load();
    this.#changed();
    return resultOf(detected.conflict);
  }

  /**
   * Ends a conflict; true if that was taken. `server` and `client` take that state; of an edit, `client` what this person
   * changed, and elsewhere what others did, and `server` gives the edit up. `merge` takes what both did, and is refused
   * if nothing of this person's would be left; `mergedState`, which `manual` needs, says what that is. What was taken of an edit
   * is sent by the client; for other conflicts see `registerOperation`. Why it was refused is in the audit log.
   */
  resolveConflict(
    conflictId: string,
    method: GivenMethod,
    userId?: string,
    notes?: string,
    mergedState?: unknown,
  ): boolean {
    const known = methodOf(method);
    check(known !== undefined, "method");
    const book = this.#followed.look();
    const { identity } = this.#followed.client ?? {};
    const word = { userId: userId ?? identity ?? undefined, notes };
    const isTaken = this.#resolver.resolve(book, conflictId, { method: known, mergedState }, word);
    this.#changed();
    return isTaken;
  }

  /** An active one, or else one that was resolved. */
  getConflict(conflictId: string): Conflict | undefined {
    const isIt = ({ id }: Conflict) => id === conflictId;
    return this.getActiveConflicts().find(isIt) ?? [...this.#followed.look().resolved].reverse().find(isIt);
  }

  /** Those that wait for a decision, in the order in which they came to be. */
  getActiveConflicts(interactionId?: string): Conflict[] {
    return this.getState().activeConflicts.filter((conflict) => isOf(conflict, interactionId));
  }

  /** The last 200 that were resolved in this page, the newest last. */
  getResolvedConflicts(interactionId?: string): Conflict[] {
    return this.#followed.look().resolved.filter((conflict) => isOf(conflict, interactionId));
  }

  clearResolvedConflicts(): void {
    this.#followed.look().clearResolved();
    this.#changed();
  }

  /** The last things that were done in this page, the newest last; at most 1,000 are kept. */
  getAuditLog(limit = 100): AuditEntry[] {
    return this.#followed.look().audit.last(limit);
  }

  getConflictStats(): ConflictStats {
    return this.getState().stats;
  }

  getState(): ConflictsState {
    const book = this.#followed.look();
    const detected = book.active.map(({ conflict }) => conflict);
    const activeConflicts = [...detected, ...this.#parked.list(this.#followed.client)].sort(
      (one, other) => one.timestamp - other.timestamp,
    );
    const stats = statsOf(activeConflicts, book.resolved);
    const next = { activeConflicts, stats };
    if (!isSameState(next, this.#state)) this.#state = next;
    return this.#state;
  }

  /** Calls `listener` when `getState` returns another state, until the returned function is called. */
  subscribe(listener: () => void): () => void {
    if (this.#listeners.size === 0) this.#told = this.getState();
    const stop = this.#listeners.add(listener);
    this.#followed.show(true);
    return () => {
      stop();
      this.#followed.show(this.#listeners.size > 0);
    };
  }

  /** The rules come with the engine: what was detected before waits for it. */
  #load(): void {
    if (this.#isLoading || typeof document === "undefined") return;
    this.#isLoading = true;
    // If it fails the client tells, if there is one, and what was detected waits for a person.
    init().then(
      () => this.#settleAll(this.#followed.look()),
      () => {},
    );
  }

  #settleAll(book: ConflictBook): void {
    for (const detected of book.active) {
      if (detected.judgement === undefined) this.#resolver.settle(book, detected);
    }
    this.#changed();
  }

  #changed(): void {
    const state = this.getState();
    if (state === this.#told) return;
    this.#told = state;
    this.#listeners.tell();
  }
}

function isOf(conflict: Conflict, interactionId: string | undefined): boolean {
  return interactionId === undefined || conflict.interactionId === interactionId;
}

/** Whether both list the same; what was resolved is told by the counts. */
function isSameState(one: ConflictsState, other: ConflictsState): boolean {
  return (
    one.activeConflicts.length === other.activeConflicts.length &&
    one.activeConflicts.every((conflict, at) => conflict === other.activeConflicts[at]) &&
    sameValue(one.stats, other.stats)
  );
}

function checkType(type: unknown): void {
  check(
    CONFLICT_TYPES.some((known) => known === type),
    "conflictType",
  );
}
