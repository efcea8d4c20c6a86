// Which faults come in which order: decided by the seed alone, before anything is started.
import type { Random } from "./random.js";

export const TABS = 3;

/** How something is killed. */
const KILLS = [
  "renderer, between tasks",
  "renderer, in a click that waits",
  "renderer, in a click that computes",
  "renderer, before a commit",
  "renderer, after a commit",
  "whole browser",
] as const;
export type Kill = (typeof KILLS)[number];

/** What goes wrong around a kill. */
const TROUBLES = [
  "renderer stopped before a commit",
  "renderer stopped after a commit",
  "socket cut before the commit",
  "socket cut after the commit",
  "backend killed",
] as const;
export type Trouble = (typeof TROUBLES)[number];

export interface Step {
  readonly kill: Kill;
  readonly trouble: Trouble | undefined;
  /** The tab that is killed, and the one that is in trouble. */
  readonly victim: number;
  readonly troubled: number;
  /** How many operations are acknowledged before the trouble, and between it and the kill. */
  readonly before: number;
  readonly between: number;
  /** Whether the kill falls into the trouble rather than after it. */
  readonly isWithin: boolean;
}

const PATIENCE_MAX = 6;

/** So many kills; whatever kinds they are of, the last one takes the whole browser. */
export function plan(kills: number, random: Random): Step[] {
  const nextKill = drawing([...KILLS, "renderer, between tasks", "whole browser"] as const, random);
  const nextTrouble = drawing([...TROUBLES, undefined, undefined, undefined], random);
  return Array.from({ length: kills }, (_, at) => ({
    kill: at === kills - 1 ? "whole browser" : nextKill(),
    trouble: nextTrouble(),
    victim: random.below(TABS),
    troubled: random.below(TABS),
    before: random.below(PATIENCE_MAX),
    between: random.below(PATIENCE_MAX),
    isWithin: random.below(2) === 0,
  }));
}

/** Draws from a bag that is filled again when it is empty, so that no kind stays away for long. */
function drawing<T>(bag: readonly T[], random: Random): () => T {
  let left: T[] = [];
  return () => {
    if (left.length === 0) left = random.shuffled(bag);
    return left.pop() as T;
  };
}
