import { MISSING } from "./missing.js";
import type { Path, PathSegment } from "./types.js";

/** A part of a document that both sides changed, and differently. */
export class Node {
  /** The parts of it, once it was looked into; those that are nodes get their value later. */
  draft: Draft | undefined;
  /** What a rule made of it, and what is taken in the end. */
  value: unknown;
  /** What the policy's function threw. */
  error: unknown;

  constructor(
    readonly base: unknown,
    readonly local: unknown,
    readonly server: unknown,
    readonly depth: number,
    private readonly around?: Node,
    private readonly segment?: PathSegment,
  ) {}

  get path(): Path {
    return this.around === undefined ? [] : [...this.around.path, this.segment as PathSegment];
  }
}

/** The parts of a node, by their places. */
export interface Draft {
  readonly values: unknown[];
  /** Puts them together without those that are missing: in this order, or as they are. */
  assemble(order: ArrayLike<number> | undefined): unknown;
}

/** What a part of a draft comes to, now that the nodes below it have their values. */
export function settledPart(part: unknown): unknown {
  return part instanceof Node ? part.value : part;
}

/** The part as a property that is left out if the side does not have it. */
export function asProperty<Name extends string>(name: Name, part: unknown): { [Key in Name]?: unknown } {
  return part === MISSING ? {} : ({ [name]: part } as { [Key in Name]?: unknown });
}
