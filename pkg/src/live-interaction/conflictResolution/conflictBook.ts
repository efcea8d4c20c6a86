import { newId } from "../../id.js";
import { isScalar } from "../../merge/kind.js";
import type { InteractionId } from "../open.js";
import { AgreedStates, copyOf } from "./agreedStates.js";
import { AuditLog } from "./auditLog.js";
import type { Conflict } from "./conflict.js";
import { severityOf } from "./conflictSeverity.js";
import { ConflictType, describe } from "./conflictType.js";
import type { Judgement, UNMERGEABLE } from "./judgement.js";
import type { ConflictResolution } from "./resolution.js";
import { isSame, subjectOf, type Told } from "./told.js";

/** How many conflicts may wait for a decision; the oldest one goes when there are more. */
const ACTIVE_CONFLICTS_MAX = 200;
/** How many resolved conflicts are kept to be read. */
const RESOLVED_CONFLICTS_MAX = 200;

/** A conflict that the app has detected, with what is known of it besides. */
export interface Detected {
  conflict: Conflict;
  /** By what it is known again. */
  readonly subject: string | undefined;
  /** What both sides held before; without the property nobody knows. */
  base: { readonly base?: unknown };
  /** What can be made of the states; undefined: nobody has looked yet. */
  judgement: Judgement | typeof UNMERGEABLE | undefined;
}

/** The conflicts of whoever is signed in: another person gets another book. In memory only. */
export class ConflictBook {
  readonly audit = new AuditLog();
  readonly #agreed = new AgreedStates();
  readonly #active = new Map<string, Detected>();
  #resolved: readonly Conflict[] = [];
  /** Resolved ones that mean the same conflict when the app tells their states again, until it tells others. */
  readonly #answered = new Map<string, Detected>();

  constructor(readonly whose: string) {}

  get active(): Detected[] {
    return [...this.#active.values()];
  }

  get resolved(): readonly Conflict[] {
    return this.#resolved;
  }

  /** An active one by its id. */
  find(id: string): Detected | undefined {
    return this.#active.get(id);
  }

  /** Adds a conflict, or the newer states of one that is known. */
  add(told: Told): Detected {
    const subject = subjectOf(told);
    const known = this.active.find((detected) => isAbout(detected, told, subject));
    const { interactionId, type } = told;
    const conflict: Conflict = {
      id: known?.conflict.id ?? newId(),
      type,
      severity: "medium",
      interactionId: interactionId as InteractionId,
      serverState: copyOf(told.serverState),
      clientState: copyOf(told.clientState),
      timestamp: known?.conflict.timestamp ?? Date.now(),
      description: describe(type, []),
      autoResolvable: false,
      resolved: false,
    };
    const base = this.#agreed.baseOf(subject);
    const detected = { conflict, subject, base, judgement: undefined };
    this.#active.set(conflict.id, detected);
    const action = known === undefined ? "conflict_detected" : "conflict_updated";
    this.audit.add(action, { conflictId: conflict.id, interactionId, type });
    this.#dropOldest();
    return detected;
  }

  /** One that is known with these very states, and neither has to be looked at nor to be decided again. */
  known(told: Told): Detected | undefined {
    const subject = subjectOf(told);
    for (const detected of this.#active.values()) {
      if (isAbout(detected, told, subject) && hasStates(detected, told)) return detected;
    }
    for (const [id, detected] of [...this.#answered].reverse()) {
      if (!isAbout(detected, told, subject)) continue;
      if (hasStates(detected, told)) return detected;
      if (subject !== undefined) this.#answered.delete(id);
    }
    return undefined;
  }

  /** Both sides hold the same. */
  agree(told: Told): void {
    const subject = subjectOf(told);
    if (subject !== undefined) this.#agreed.remember(subject, told.serverState);
    for (const detected of this.active) {
      if (isAbout(detected, told, subject)) this.#dissolve(detected, told.serverState);
    }
    for (const [id, detected] of [...this.#answered]) {
      const isReached = isSame(detected.conflict.resolution?.mergedState, told.serverState);
      const isOver = isAbout(detected, told, subject) || (isReached && isAlike(detected, told));
      if (isOver) this.#answered.delete(id);
    }
  }

  /** Says of an active conflict what was made of its states. */
  judge(detected: Detected, judgement: NonNullable<Detected["judgement"]>): void {
    const { type, serverState, clientState } = detected.conflict;
    const undecided = typeof judgement === "string" ? [""] : judgement.undecided;
    const isDecided = undecided.length === 0;
    // No status at all is a status like any other.
    const isRemoval = type !== ConflictType.STATUS_UPDATE && (serverState == null || clientState == null);
    detected.judgement = judgement;
    detected.conflict = {
      ...detected.conflict,
      severity: severityOf(type, { isDecided, isRemoval }),
      description: describe(type, undecided),
      autoResolvable: isDecided,
    };
  }

  /** What can be made of states of this type may be something else now. */
  forgetJudgements(type: ConflictType): void {
    for (const detected of this.active) if (detected.conflict.type === type) detected.judgement = undefined;
  }

  resolve(detected: Detected, resolution: ConflictResolution): void {
    const { conflict } = detected;
    this.#active.delete(conflict.id);
    detected.conflict = { ...conflict, resolved: true, resolution };
    this.#answered.set(conflict.id, detected);
    if (this.#answered.size > RESOLVED_CONFLICTS_MAX) {
      this.#answered.delete(this.#answered.keys().next().value as string);
    }
    this.list(detected.conflict);
  }

  /** Lists a conflict as resolved, whoever had detected it. */
  list(conflict: Conflict): void {
    this.#resolved = [...this.#resolved, conflict].slice(-RESOLVED_CONFLICTS_MAX);
  }

  clearResolved(): void {
    if (this.#resolved.length === 0) return;
    this.audit.add("resolved_conflicts_cleared", { count: this.#resolved.length });
    this.#resolved = [];
  }

  /** Nobody has to decide any more. */
  #dissolve(detected: Detected, state: unknown): void {
    const { id, interactionId, type, clientState } = detected.conflict;
    const method = isSame(state, clientState) ? "client" : "server";
    const notes = "Both sides have come to hold the same.";
    this.resolve(detected, { method, timestamp: Date.now(), notes, mergedState: state });
    this.audit.add("conflict_dissolved", { conflictId: id, interactionId, type });
  }

  #dropOldest(): void {
    if (this.#active.size <= ACTIVE_CONFLICTS_MAX) return;
    const [oldest] = this.active as [Detected];
    const { id, interactionId, type } = oldest.conflict;
    this.#active.delete(id);
    this.audit.add("conflict_dropped", { conflictId: id, interactionId, type });
  }
}

/**
 * Whether a conflict is about what the app has told. What is not known again by its subject is the same conflict as
 * long as one side is the same; of numbers, words and nothing at all that says little.
 */
function isAbout(detected: Detected, told: Told, subject: string | undefined): boolean {
  if (!isAlike(detected, told)) return false;
  if (detected.subject !== undefined || subject !== undefined) return detected.subject === subject;
  const { serverState, clientState } = detected.conflict;
  const hasServers = isSame(serverState, told.serverState);
  const hasClients = isSame(clientState, told.clientState);
  if (hasServers && hasClients) return true;
  return (hasServers && !isScalar(serverState)) || (hasClients && !isScalar(clientState));
}

function isAlike({ conflict }: Detected, { interactionId, type }: Told): boolean {
  return conflict.interactionId === interactionId && conflict.type === type;
}

/** Also what the client holds since it was resolved, and the server does not hold yet. */
function hasStates({ conflict }: Detected, { serverState, clientState }: Told): boolean {
  if (!isSame(conflict.serverState, serverState)) return false;
  if (isSame(conflict.clientState, clientState)) return true;
  return conflict.resolution !== undefined && isSame(conflict.resolution.mergedState, clientState);
}
