import { copyOf } from "./agreedStates.js";
import type { ConflictType } from "./conflictType.js";
import type { ConflictState } from "./register.js";

/**
 * A way of the app to merge two states. Synchronous, and the same for the same states; the server's state comes first. Of a merge that returns
 * undefined nothing comes.
 */
export interface MergeStrategy {
  name: string;
  description: string;
  canMerge(serverState: ConflictState, clientState: ConflictState): boolean;
  merge(serverState: ConflictState, clientState: ConflictState): unknown;
  /** Of those that can merge two states the one with the highest priority does. */
  priority: number;
}

/** What a strategy made of two states. */
export interface StrategyMerge {
  readonly by: string;
  readonly value: unknown;
}

/** Hears what a strategy throws. */
export type StrategyThrew = (strategy: string, error: unknown) => void;

/** The strategies of an app, by what they are for. */
export class MergeStrategies {
  readonly #strategies = new Map<ConflictType, readonly MergeStrategy[]>();

  /** One of a known name is replaced: that is what hot reload does. */
  add(type: ConflictType, strategy: MergeStrategy): void {
    const others = this.#of(type).filter(({ name }) => name !== strategy.name);
    // Sorting keeps the order of equal ones: the one that was there first goes first.
    this.#strategies.set(
      type,
      [...others, strategy].sort((one, other) => other.priority - one.priority),
    );
  }

  /** Undefined: none of them can. What one throws is told, and the next one is asked. */
  merge(
    type: ConflictType,
    server: unknown,
    client: unknown,
    threw: StrategyThrew,
  ): StrategyMerge | undefined {
    for (const strategy of this.#of(type)) {
      try {
        if (!strategy.canMerge(server, client)) continue;
        // Many of them write what they merge into one of the two.
        const value = strategy.merge(copyOf(server), copyOf(client));
        if (value !== undefined) return { by: strategy.name, value };
      } catch (error) {
        threw(strategy.name, error);
      }
    }
    return undefined;
  }

  #of(type: ConflictType): readonly MergeStrategy[] {
    return this.#strategies.get(type) ?? [];
  }
}
