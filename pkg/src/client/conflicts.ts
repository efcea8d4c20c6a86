import { TabweaveError } from "../errors/error.js";
import type { ConflictResolution, ParkedConflict } from "../merge/parked.js";
import { Listeners } from "./listeners.js";
import type { Rooms } from "./rooms.js";
import type { Store } from "./snapshots.js";

/** What is shown before anything is known. */
export const NO_CONFLICTS: readonly ParkedConflict[] = Object.freeze([]);

/** Edits that wait for a person to decide, in all tabs alike. */
export class Conflicts implements Store<readonly ParkedConflict[]> {
  #snapshot = NO_CONFLICTS;
  #isForgotten = false;
  readonly #listeners = new Listeners();

  constructor(private readonly rooms: Pick<Rooms, "use" | "diagnostics" | "outbox">) {}

  readonly getSnapshot = (): readonly ParkedConflict[] => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  /**
   * Ends the conflict as a person decided: the edit is sent as that, or given up. Resolves once the store holds the
   * decision. Rejects with `not_changeable` if somebody else was faster, or the document is gone.
   */
  readonly resolve = async (id: string, resolution: ConflictResolution): Promise<void> => {
    const isTaken = this.rooms.use((core) => core.resolve?.(id, resolution)) ?? false;
    if (!isTaken) throw new TabweaveError("not_changeable");
    await this.#gone(id);
  };

  /** What is listed is somebody else's; `changed` tells it. */
  forget(): void {
    this.#isForgotten ||= this.#snapshot.length > 0;
    this.#snapshot = NO_CONFLICTS;
  }

  /** Something about operations has changed. */
  changed(): void {
    const before = this.#snapshot;
    const conflicts = this.rooms.use((core) => core.conflicts?.()) ?? NO_CONFLICTS;
    const isSame = conflicts.length === before.length && conflicts.every((one, at) => one === before[at]);
    if (isSame && !this.#isForgotten) return;
    this.#isForgotten = false;
    this.#snapshot = conflicts.length === 0 ? NO_CONFLICTS : conflicts;
    const isKnown = ({ id }: ParkedConflict) => before.some((one) => one.id === id);
    const fresh = conflicts.filter((conflict) => !isKnown(conflict));
    if (this.#listeners.size === 0) {
      for (const { id } of fresh) this.rooms.diagnostics.report("conflict_unattended", undefined, id);
    }
    this.#listeners.tell();
  }

  #gone(id: string): Promise<void> {
    const isThere = () => this.#snapshot.some((conflict) => conflict.id === id);
    return new Promise((resolve) => {
      if (!isThere()) return resolve();
      const stop = this.#listeners.add(() => {
        if (isThere()) return;
        stop();
        resolve();
      });
    });
  }
}
