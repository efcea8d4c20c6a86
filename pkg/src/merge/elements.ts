import { isRecord, isScalar } from "./kind.js";
import { fieldOf, MISSING } from "./missing.js";
import { type Draft, type Node, settledPart } from "./node.js";
import type { Settling } from "./settling.js";
import type { PathSegment } from "./types.js";

/** Elements by what tells them apart, in the order of one side. */
type Keyed = ReadonlyMap<unknown, unknown>;

type SideOf = "base" | "local" | "server";

/** How a kind of value is taken apart, and put together again. */
export interface Container {
  /** None: this is no such value, or something stands in it twice. */
  read(value: unknown): Keyed | undefined;
  write(elements: ReadonlyMap<unknown, unknown>): unknown;
  segment(key: unknown): PathSegment;
}

/** The fields that a list of objects is usually told apart by. */
const USUAL_KEYS = ["_id", "id", "key"];

/** Elements that a key tells apart, each with a number: the server's first, then those only this person has, then the rest. */
export class Elements implements Draft {
  readonly values: unknown[] = [];
  readonly #keys: unknown[];
  readonly #orders: Record<SideOf, number[]>;

  private constructor(
    private readonly container: Container,
    private readonly sides: Record<SideOf, Keyed>,
    { local, server }: Node,
  ) {
    const numbers = new Map<unknown, number>();
    const numberOf = (key: unknown) => {
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, numbers.size);
      return numbers.size - 1;
    };
    const orderOf = (side: SideOf) => Array.from(sides[side].keys(), numberOf);
    const [ofServer, ofLocal] = [orderOf("server"), orderOf("local")];
    this.#orders = { server: ofServer, local: ofLocal, base: orderOf("base") };
    this.#keys = [...numbers.keys()];
    this.whole = { local, server };
  }

  private readonly whole: { readonly local: unknown; readonly server: unknown };

  /** None: the values cannot be taken apart like this. */
  static of(node: Node, container: Container, settling: Settling): Elements | undefined {
    const [local, server] = [container.read(node.local), container.read(node.server)];
    if (local === undefined || server === undefined) return undefined;
    const base = container.read(node.base) ?? (isList(node.base) ? undefined : new Map<unknown, unknown>());
    if (base === undefined) return undefined;
    const elements = new Elements(container, { base, local, server }, node);
    for (const key of elements.#keys) {
      const versionOf = (side: Keyed) => (side.has(key) ? side.get(key) : MISSING);
      const [was, here, there] = [versionOf(base), versionOf(local), versionOf(server)];
      elements.values.push(settling.settle(was, here, there, node.depth, container.segment(key)));
    }
    return elements;
  }

  /** Which elements there are, and their orders, as the engine reads them. */
  get orders(): readonly number[] {
    const { base, local, server } = this.#orders;
    const stays = this.values.map((value) => (value === MISSING ? 0 : 1));
    return [stays, base, local, server].flatMap((list) => [list.length, ...list]);
  }

  assemble(order: ArrayLike<number>): unknown {
    const made = new Map<unknown, unknown>();
    for (const number of Array.from(order)) {
      const value = settledPart(this.values[number]);
      if (value !== MISSING) made.set(this.#keys[number], value);
    }
    for (const side of ["server", "local"] as const) {
      if (isSame(made, this.sides[side])) return this.whole[side];
    }
    return this.container.write(made);
  }
}

function isList(value: unknown): boolean {
  return Array.isArray(value);
}

/** Whether both hold the very same in the same order. */
function isSame(one: Keyed, other: Keyed): boolean {
  if (one.size !== other.size) return false;
  const others = other.entries();
  for (const [key, value] of one) {
    const [otherKey, otherValue] = others.next().value as [unknown, unknown];
    if (!Object.is(key, otherKey) || !Object.is(value, otherValue)) return false;
  }
  return true;
}

const scalarsOnly = (values: Iterable<unknown>): Keyed | undefined => {
  const found = new Map<unknown, unknown>();
  for (const value of values) {
    if (!isScalar(value)) return undefined;
    if (!found.has(value)) found.set(value, value);
  }
  return found;
};

/** A list of scalars: what stands in it twice stands in it once afterwards. */
export const scalars: Container = {
  read: (value) => (Array.isArray(value) ? scalarsOnly(value) : undefined),
  write: (elements) => [...elements.values()],
  segment: (key) => ({ key }),
};

export const setElements: Container = {
  read: (value) => (value instanceof Set ? scalarsOnly(value) : undefined),
  write: (elements) => new Set(elements.values()),
  segment: (key) => ({ key }),
};

export const mapEntries: Container = {
  read: (value) => (value instanceof Map && [...value.keys()].every(isScalar) ? value : undefined),
  write: (elements) => new Map(elements),
  segment: (key) => ({ key }),
};

/** A list of objects that a field tells apart. */
export const keyedBy = (by: string): Container => ({
  read: (value) => {
    if (!Array.isArray(value)) return undefined;
    const found = new Map<unknown, unknown>();
    for (const element of value) {
      const key = isRecord(element) ? fieldOf(element, by) : MISSING;
      if (!isKey(key) || found.has(key)) return undefined;
      found.set(key, element);
    }
    return found;
  },
  write: (elements) => [...elements.values()],
  segment: (key) => ({ by, key }),
});

function isKey(key: unknown): boolean {
  return typeof key === "string" || typeof key === "number" || typeof key === "bigint";
}

/** How a list is taken apart if the policy says nothing; none: nothing tells its elements apart. */
export function usualContainer({ base, local, server }: Node): Container | undefined {
  const lists = [local, server, Array.isArray(base) ? base : []];
  if (lists.every((list) => scalars.read(list) !== undefined)) return scalars;
  const key = USUAL_KEYS.find((name) => lists.every((list) => keyedBy(name).read(list) !== undefined));
  return key === undefined ? undefined : keyedBy(key);
}
