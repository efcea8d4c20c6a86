import type { Diagnostic } from "../../client/snapshots.js";
import type { PageClient } from "../pageClient.js";
import { ActionLabels } from "./actionLabels.js";
import { takeOverLeftovers } from "./leftovers.js";

/** Whoever wants to know what happens to a client. */
export interface Watcher {
  /** Something of its state may be another one. */
  changed(): void;
  diagnosed(diagnostic: Diagnostic): void;
}

/** Follows one client, until it is stopped. */
export class ClientWatch {
  readonly labels: ActionLabels;
  /** When an operation was last done, in milliseconds since 1970; 0: not yet. */
  lastDoneMs = 0;
  #tab = "";
  #lastTold: Diagnostic | undefined;
  #isTakingOver = false;
  readonly #stops: readonly (() => void)[];

  /** Tells the diagnostics there are, and nothing else, before it returns. */
  constructor(
    readonly client: PageClient,
    private readonly watcher: Watcher,
  ) {
    this.labels = new ActionLabels(client);
    this.#hearDiagnostics();
    this.#stops = [
      client.outbox.subscribe(() => watcher.changed()),
      client.connectivity.subscribe(() => this.#connectivityChanged()),
      client.diagnostics.subscribe(() => {
        this.#hearDiagnostics();
        watcher.changed();
      }),
      client.onSettledAnywhere(({ id, state }) => {
        if (state === "done") this.lastDoneMs = Date.now();
        if (state !== "dead") this.labels.ended(id);
        watcher.changed();
      }),
    ];
    // Not in this task, which may be a render.
    queueMicrotask(() => this.#newTab());
  }

  /** Looks for actions of earlier versions of the app; never rejects. */
  async takeOverLeftovers(): Promise<void> {
    if (this.#isTakingOver) return;
    this.#isTakingOver = true;
    // A lock is refused only to a page that is going away.
    await takeOverLeftovers(this.client, this.labels).catch(() => {});
    this.#isTakingOver = false;
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  #connectivityChanged(): void {
    this.#newTab();
    this.watcher.changed();
  }

  /** Every identity has a tab of its own, and may take over what was left. */
  #newTab(): void {
    const { tab } = this.client;
    if (tab === this.#tab) return;
    this.#tab = tab;
    if (tab !== "") void this.takeOverLeftovers();
  }

  #hearDiagnostics(): void {
    const all = this.client.diagnostics.getSnapshot();
    const from = this.#lastTold === undefined ? 0 : all.indexOf(this.#lastTold) + 1;
    this.#lastTold = all.at(-1);
    for (const diagnostic of all.slice(from)) this.watcher.diagnosed(diagnostic);
  }
}
