import { isTabweaveError, TabweaveError } from "../../errors/error.js";
import type { PageClient } from "../pageClient.js";
import { copyOf } from "./agreedStates.js";
import type { ConflictBook, Detected } from "./conflictBook.js";
import type { ConnectedOperations } from "./connectedOperations.js";
import { judged, UNMERGEABLE } from "./judgement.js";
import type { MergeStrategies, StrategyThrew } from "./mergeStrategy.js";
import { type Decided, type Decision, missing, nothingToMerge, type ParkedEdits } from "./parkedEdits.js";
import type { ConflictResolution, ResolutionMethod } from "./resolution.js";
import { isSame } from "./told.js";

/** What a person says to a decision. */
export interface Word {
  readonly userId: string | undefined;
  readonly notes: string | undefined;
}

const NOBODY: Word = { userId: undefined, notes: undefined };

/** Ends conflicts: by itself if both sides can be kept, else as somebody decides. */
export class Resolver {
  constructor(
    private readonly client: () => PageClient | undefined,
    private readonly strategies: MergeStrategies,
    private readonly operations: ConnectedOperations,
    private readonly parked: ParkedEdits,
  ) {}

  /** Looks at a conflict that nobody looked at, and resolves it if both sides can be kept. False: it cannot be looked at yet. */
  settle(book: ConflictBook, detected: Detected): boolean {
    const judgement = this.#look(book, detected);
    if (judgement === undefined || judgement === UNMERGEABLE || judgement.undecided.length > 0) {
      return judgement !== undefined;
    }
    const { id } = detected.conflict;
    try {
      const word = { ...NOBODY, notes: `Merged by ${judgement.by}.` };
      const details = this.#end(book, detected, "merge", { state: judgement.value }, word);
      book.audit.add("conflict_auto_resolved", { ...details, by: judgement.by });
    } catch (error) {
      book.audit.add("resolution_refused", { conflictId: id, method: "merge", ...this.#whyOf(error) });
    }
    return true;
  }

  /** Whether the decision was taken. */
  resolve(book: ConflictBook, id: string, decision: Decision, word: Word): boolean {
    const detected = book.find(id);
    try {
      const details =
        detected === undefined
          ? this.#endWait(book, id, decision, word)
          : this.#end(book, detected, decision.method, this.#decided(book, detected, decision), word);
      book.audit.add("conflict_resolved", details);
      return true;
    } catch (error) {
      book.audit.add("resolution_refused", {
        conflictId: id,
        method: decision.method,
        ...this.#whyOf(error),
      });
      return false;
    }
  }

  #look(book: ConflictBook, detected: Detected): Detected["judgement"] {
    if (detected.judgement !== undefined) return detected.judgement;
    const { id, type, serverState, clientState } = detected.conflict;
    const sides = { ...detected.base, local: clientState, server: serverState };
    const judgement = judged(type, sides, this.strategies, {
      strategyThrew: this.#hears(book, id),
      mergeFailed: (error) => book.audit.add("merge_failed", { conflictId: id, ...this.#whyOf(error) }),
    });
    if (judgement !== undefined) book.judge(detected, judgement);
    return judgement;
  }

  /** The state that counts by a decision. */
  #decided(book: ConflictBook, detected: Detected, { method, mergedState }: Decision): Decided {
    const { serverState, clientState } = detected.conflict;
    if (method === "server") return { state: serverState };
    if (method === "client") return { state: clientState };
    if (mergedState !== undefined) return { state: copyOf(mergedState) };
    if (method === "manual") throw missing();
    const judgement = this.#look(book, detected);
    if (judgement === undefined) throw new TabweaveError("engine_not_loaded");
    if (judgement === UNMERGEABLE) throw nothingToMerge();
    const { undecided, value } = judgement;
    if (undecided.length === 0) return { state: value };
    if (isSame(value, serverState)) throw nothingToMerge();
    return { state: value, asServer: undecided };
  }

  /** Ends a conflict that the app detected: what the server does not hold yet is sent to it. */
  #end(
    book: ConflictBook,
    detected: Detected,
    method: ResolutionMethod,
    { state, asServer }: Decided,
    word: Word,
  ): Record<string, unknown> {
    const { id, interactionId, type, serverState } = detected.conflict;
    const isToBeSent = !isSame(state, serverState);
    const call = isToBeSent ? this.operations.call(this.client(), detected.conflict, state) : undefined;
    if (isToBeSent && call === undefined) {
      this.client()?.diagnostics.addOnce(new TabweaveError("resolution_unconnected"));
    }
    call?.settled.catch((error: unknown) => {
      book.audit.add("resolution_failed", {
        conflictId: id,
        operation: call.operation,
        ...this.#whyOf(error),
      });
    });
    book.resolve(detected, this.#resolution(method, state, word));
    const effect = call === undefined ? (isToBeSent ? "unconnected" : "none needed") : "sent";
    return {
      conflictId: id,
      interactionId,
      type,
      method,
      effect,
      operation: call?.operation,
      asServer,
      ...word,
    };
  }

  /** Ends the wait of an edit. */
  #endWait(book: ConflictBook, id: string, decision: Decision, word: Word): Record<string, unknown> {
    const client = this.client();
    const conflict = this.parked.list(client).find((one) => one.id === id);
    if (client === undefined || conflict === undefined) throw new TabweaveError("not_changeable");
    const { method } = decision;
    const { state, asServer } = this.parked.resolve(client, id, decision, this.#hears(book, id));
    book.list({ ...conflict, resolved: true, resolution: this.#resolution(method, state, word) });
    const { interactionId, type } = conflict;
    const effect = method === "server" ? "none needed" : "sent";
    return { conflictId: id, interactionId, type, method, effect, operation: id, asServer, ...word };
  }

  #hears(book: ConflictBook, id: string): StrategyThrew {
    return (strategy, error) => {
      book.audit.add("strategy_failed", { conflictId: id, strategy, ...this.#whyOf(error) });
    };
  }

  #resolution(method: ResolutionMethod, state: unknown, { userId, notes }: Word): ConflictResolution {
    return {
      method,
      timestamp: Date.now(),
      ...(userId === undefined ? {} : { userId }),
      ...(notes === undefined ? {} : { notes }),
      mergedState: state,
    };
  }

  /** Why something was not done, without anything of the states. What the app's own functions threw is told as well. */
  #whyOf(error: unknown): { readonly why: string } {
    if (isTabweaveError(error)) return { why: error.code };
    this.client()?.diagnostics.add(new TabweaveError("resolver_threw", { cause: error }));
    return { why: "resolver_threw" };
  }
}
