import { type Kind, sharedKind } from "./kind.js";
import type { Culprit, Looking } from "./looking.js";
import { MISSING } from "./missing.js";
import { Node } from "./node.js";
import type { Path, PathSegment } from "./types.js";

/** Thrown where a document holds what cannot be merged. */
export class Unmergeable {
  constructor(readonly culprit: Culprit) {}
}

/** Sees to it that a part that is taken or told as it is holds nothing that cannot be stored. */
export function vouch(looking: Looking, part: unknown, depth: number, path: () => Path): void {
  const culprit = looking.culprit(part === MISSING ? undefined : part, depth);
  if (culprit) throw new Unmergeable({ ...culprit, path: [...path(), ...culprit.path] });
}

/** Settles the parts of one node that only one side changed; those that both did become nodes. */
export class Settling {
  /** The nodes that were found, with their kinds. */
  readonly found: Array<{ readonly node: Node; readonly kind: Kind; readonly segment: PathSegment }> = [];

  constructor(
    private readonly looking: Looking,
    /** None: it is the whole document that is settled. */
    private readonly around: Node | undefined,
  ) {}

  /** What the part is: a version of it, or a node. */
  settle(base: unknown, local: unknown, server: unknown, depth: number, segment: PathSegment): unknown {
    const { looking } = this;
    if (looking.same(local, server, depth + 1)) return server;
    if (looking.same(base, local, depth + 1)) return this.#changed(server, depth, segment);
    if (looking.same(base, server, depth + 1)) return this.#changed(local, depth, segment);
    const node = new Node(base, local, server, depth + 1, this.around, segment);
    const kind = sharedKind(local, server);
    this.found.push({ node, kind, segment });
    return node;
  }

  /** What nobody looks into any more must not hold what cannot be stored. */
  #changed(value: unknown, depth: number, segment: PathSegment): unknown {
    if (typeof value === "string" || typeof value === "number") return value;
    const { around, looking } = this;
    vouch(looking, value, depth + 1, () => (around === undefined ? [] : [...around.path, segment]));
    return value;
  }
}
