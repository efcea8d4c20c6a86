import { type Container, Elements, keyedBy, mapEntries, scalars, setElements, usual } from "./elements.js";
import { faultIn } from "./faults.js";
import { Fields } from "./fields.js";
import { type Kind, sharedKind } from "./kind.js";
import type { Looking } from "./looking.js";
import { MEASURES, Picked } from "./measures.js";
import { MISSING } from "./missing.js";
import { asProperty, type Node } from "./node.js";
import type { PolicyParts } from "./policy.js";
import type { RuleContext } from "./rules.js";
import { Runs } from "./runs.js";
import { Settling, Unmergeable, vouch } from "./settling.js";
import type { Decision, MergeConflict, Merged } from "./types.js";
import { UNDECIDED } from "./undecided.js";
import { readVerdicts } from "./verdicts.js";

/** In the engine's order. */
const SHAPES = { fields: 0, entries: 1, elements: 2, usual: 3 } as const;
const [UNIT_ITEMS] = [0];
const ANSWERS = { made: 0, conflict: 1, threw: 2 } as const;
const SIDES = ["base", "local", "server"] as const;
const STEPS = { take: 0, made: 1, assemble: 2, arrange: 3, join: 4 } as const;

/** What the engine is answered if the values have no such parts. */
const UNFIT: readonly number[] = [];

/**
 * Three versions of a document, laid out for the engine, which decides how they become one. It knows the parts by their
 * numbers; the values stay here.
 */
export class MergeWalk {
  readonly #nodes: Node[];
  #merged: Merged | undefined;

  constructor(
    root: Node,
    private readonly looking: Looking,
    private readonly policy: PolicyParts,
    /** The names that the policy mentions, and the number of each. */
    private readonly names: readonly string[],
    private readonly numbers: ReadonlyMap<string, number>,
  ) {
    this.#nodes = [root];
  }

  get merged(): Merged {
    return this.#merged as Merged;
  }

  root(): Kind {
    const { local, server } = this.#at(0);
    return sharedKind(local, server);
  }

  /**
   * How many parts are nodes, each with the number of its name (from 1; 0: unknown to the policy) and its kind; then
   * whether they are scalars of a list; then, of what has an order, the orders. Nothing: they have no such parts.
   */
  open(number: number, shape: number, key: number): readonly number[] {
    const node = this.#at(number);
    const settling = new Settling(this.looking, node);
    const draft =
      shape === SHAPES.fields
        ? Fields.of(node, settling)
        : Elements.of(node, this.#containers(node, shape, key), settling);
    if (draft === undefined) return UNFIT;
    node.draft = draft;
    const answer = [this.#nodes.length, settling.found.length];
    for (const { node: part, kind, segment } of settling.found) {
      this.#nodes.push(part);
      answer.push(typeof segment === "string" ? (this.numbers.get(segment) ?? -1) + 1 : 0, kind);
    }
    if (draft instanceof Fields) return answer.concat(0);
    return answer.concat(draft.container === scalars ? 1 : 0, draft.orders);
  }

  #containers(node: Node, shape: number, key: number): readonly Container[] {
    switch (shape) {
      case SHAPES.entries:
        return [mapEntries];
      case SHAPES.elements:
        return node.local instanceof Set ? [setElements] : [scalars];
      case SHAPES.usual:
        return usual;
      default:
        return [keyedBy(this.names[key] as string)];
    }
  }

  /** How many numbers there are; then each side's length and numbers. Nothing: the values cannot be cut so. */
  runs(number: number, unit: number): readonly number[] {
    const node = this.#at(number);
    const { words } = this.policy;
    const runs =
      unit === UNIT_ITEMS
        ? Runs.ofItems(node, this.looking)
        : words && Runs.ofWords(node, words, this.looking);
    node.draft = runs;
    return runs?.numbers ?? UNFIT;
  }

  measure(number: number, measure: number): number {
    try {
      return MEASURES[measure]?.(this.#at(number)) ?? Picked.Unfit;
    } catch {
      // A Date that is none, or one whose class has its own idea of it.
      return Picked.Unfit;
    }
  }

  ask(number: number, index: number): number {
    const node = this.#at(number);
    const { base, local, server, path } = node;
    const context = {
      ...asProperty("base", base),
      ...asProperty("local", local),
      ...asProperty("server", server),
      path,
      undecided: UNDECIDED,
    } as RuleContext<unknown>;
    try {
      const value = this.policy.functions[index]?.(context);
      if (value === UNDECIDED) return ANSWERS.conflict;
      node.value = value === undefined ? MISSING : value;
    } catch (error) {
      node.error = error;
      return ANSWERS.threw;
    }
    try {
      vouch(this.looking, node.value, node.depth, () => path);
    } catch (error) {
      const fault = faultIn(node.value);
      throw fault ? new Unmergeable({ ...fault, path: [...path, ...fault.path] }) : error;
    }
    return ANSWERS.made;
  }

  /** Carries out what the engine decided. */
  finish(steps: Uint32Array, verdicts: Uint32Array): void {
    let at = 0;
    while (at < steps.length) {
      const [step, number] = [steps[at], steps[at + 1] as number];
      const node = this.#at(number);
      at += 2;
      if (step === STEPS.take) node.value = node[SIDES[steps[at++] as number] as (typeof SIDES)[number]];
      else if (step === STEPS.assemble) node.value = node.draft?.assemble(undefined);
      else if (step !== STEPS.made) {
        const length = steps[at++] as number;
        node.value = node.draft?.assemble(steps.subarray(at, at + length));
        at += length;
      }
    }
    const decisions: Decision[] = [];
    const conflicts: MergeConflict[] = [];
    for (const verdict of readVerdicts(verdicts)) {
      const node = this.#at(verdict.node);
      this.#vouchFor(node);
      const sides = {
        ...asProperty("base", node.base),
        ...asProperty("local", node.local),
        ...asProperty("server", node.server),
      };
      const { rule, kind, why } = verdict;
      if (kind !== undefined) {
        decisions.push({ path: node.path, rule, kind, ...sides, ...asProperty("result", node.value) });
      } else if (why !== undefined) {
        const error = node.error === undefined ? {} : { error: node.error };
        conflicts.push({ path: node.path, why, rule, ...sides, ...error });
      }
    }
    const { value } = this.#at(0);
    this.#merged = { value: value === MISSING ? undefined : value, decisions, conflicts };
  }

  /** What was not looked into is told, and maybe taken, as it is. */
  #vouchFor(node: Node): void {
    if (node.draft instanceof Fields || node.draft instanceof Elements) return;
    for (const side of [node.local, node.server]) vouch(this.looking, side, node.depth, () => node.path);
  }

  #at(number: number): Node {
    return this.#nodes[number] as Node;
  }
}
