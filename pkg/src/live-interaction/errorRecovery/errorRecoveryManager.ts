import { Listeners } from "../../client/listeners.js";
import type { OperationState } from "../../client/snapshots.js";
import type { TabweaveClient } from "../../client/types.js";
import { TabweaveError } from "../../errors/error.js";
import type { DescribeOptions } from "../../recovery/describeError.js";
import type { Attempt } from "../../recovery/executeWithRetry.js";
import type { PageClient } from "../pageClient.js";
import { isPending } from "./actionOf.js";
import { classifyError, type ErrorClassification } from "./classification.js";
import { clearPending } from "./clearPending.js";
import { ClientQueue } from "./clientQueue.js";
import { ClientWatch } from "./clientWatch.js";
import { chosen } from "./connected.js";
import { ErrorHistory } from "./errorHistory.js";
import type { NewOfflineAction } from "./offlineAction.js";
import type { ClearOptions, OfflineActionQueue } from "./offlineActionQueue.js";
import { isSameState, stateOf } from "./readState.js";
import { type ErrorRecoveryState, INITIAL_STATE } from "./recoveryState.js";
import { type PartialRetryConfig, retryWithBackoff } from "./retryConfig.js";
import { retryPending } from "./retryPending.js";

export interface ErrorRecoveryOptions extends DescribeOptions {
  /** The client to work with; by default the only one of the page. */
  readonly client?: TabweaveClient;
  /** How often and how long `executeWithRetry` tries, where a call does not say. */
  readonly retry?: PartialRetryConfig;
}

const WAITING: ReadonlySet<OperationState> = new Set<OperationState>(["waiting"]);
const STOPPED: ReadonlySet<OperationState> = new Set<OperationState>(["waiting", "parked", "dead"]);

/**
 * What a page does about errors: it classifies and lists them, makes calls again, and keeps actions in the outbox of
 * the client, which sends them when it can. It has no queue of its own: what has to do with actions throws or rejects
 * with `client_missing` as long as it is not known which client is meant.
 */
export class ErrorRecoveryManager {
  /** The client's operations as a list of actions. */
  readonly queue: OfflineActionQueue = new ClientQueue(() => this.#watched());
  readonly #options: ErrorRecoveryOptions;
  readonly #history = new ErrorHistory();
  readonly #listeners = new Listeners<[ErrorRecoveryState]>();
  #watch: ClientWatch | undefined;
  #state: ErrorRecoveryState = INITIAL_STATE;
  /** What was told last: whoever looks before it is told does not keep it from the others. */
  #told: ErrorRecoveryState = INITIAL_STATE;

  constructor(options: ErrorRecoveryOptions = {}) {
    this.#options = options;
  }

  /**
   * Makes a call and makes it again when it fails in a way that may pass; what it fails with in the end is listed.
   * In memory only: see `executeWithRetry` of `tabweave/recovery`. What must outlive the page is an offline action.
   */
  async executeWithRetry<Result>(
    fn: (attempt: Attempt) => Result | Promise<Result>,
    config: PartialRetryConfig = {},
  ): Promise<Result> {
    try {
      return await retryWithBackoff(fn, { ...this.#options.retry, ...config });
    } catch (error) {
      this.#record(error);
      throw error;
    }
  }

  /** Lists an error and says what it is; `context` is listed with it. */
  async handleError(error: unknown, context?: unknown): Promise<ErrorClassification> {
    return this.#record(error, context);
  }

  /** As `addAction` of `offlineActionQueue`. */
  addOfflineAction(action: NewOfflineAction): string {
    return this.queue.addAction(action);
  }

  /**
   * Has everything that waits for its next attempt tried now; the client does so by itself, only later. Resolves with
   * how many operations it was asked for; how they end is told by the state.
   */
  async processOfflineQueue(): Promise<number> {
    return this.#retry(WAITING);
  }

  /** As `processOfflineQueue`, and parked operations and dead letters as well: a person asks for it. */
  async retryPendingOperations(): Promise<number> {
    return this.#retry(STOPPED);
  }

  /** How many operations have not come to their end; dead letters have. */
  getPendingOperationsCount(): number {
    return this.#watched().client.outbox.getSnapshot().operations.filter(isPending).length;
  }

  /**
   * Makes dead letters of all operations that have not come to their end and are not on their way; with
   * `{ discard: true }` withdraws them. Returns how many it was asked for.
   */
  clearPendingOperations(options?: ClearOptions): number {
    return clearPending(this.#watched().client, options);
  }

  /** Without a client: nothing is online, and nothing waits. The same object until something in it changed. */
  getState(): ErrorRecoveryState {
    const watch = this.#follow();
    const known = watch === undefined ? INITIAL_STATE : stateOf(watch.client, watch.lastDoneMs);
    const next = { ...known, errorHistory: this.#history.entries };
    if (!isSameState(next, this.#state)) this.#state = next;
    return this.#state;
  }

  /** Calls `listener` with every new state until the returned function is called. */
  addListener(listener: (state: ErrorRecoveryState) => void): () => void {
    this.#follow();
    const stop = this.#listeners.add(listener);
    return () => void stop();
  }

  clearErrorHistory(): void {
    this.#history.clear();
    this.#changed();
  }

  async #retry(states: ReadonlySet<OperationState>): Promise<number> {
    const watch = this.#watched();
    // What registers its operations later finds here what was left for it. Nobody waits for a store that hangs.
    void watch.takeOverLeftovers();
    return retryPending(watch.client, states, (error) => this.#record(error));
  }

  #record(error: unknown, context?: unknown): ErrorClassification {
    const classification = classifyError(error, this.#options);
    this.#history.add(classification, context);
    this.#changed();
    return classification;
  }

  #watched(): ClientWatch {
    const watch = this.#follow();
    if (watch === undefined) throw new TabweaveError("client_missing");
    return watch;
  }

  /** The client may be another one each time: it is made after this module is loaded, and may be closed. */
  #follow(): ClientWatch | undefined {
    const client = (this.#options.client as PageClient | undefined) ?? chosen.client;
    if (client === this.#watch?.client) return this.#watch;
    this.#watch?.stop();
    this.#watch =
      client &&
      new ClientWatch(client, {
        changed: () => this.#changed(),
        diagnosed: ({ error, at }) => this.#history.add(classifyError(error, this.#options), undefined, at),
      });
    return this.#watch;
  }

  #changed(): void {
    const state = this.getState();
    if (state === this.#told) return;
    this.#told = state;
    this.#listeners.tell(state);
  }
}
