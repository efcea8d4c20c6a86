import { isRecord, isScalar, kindOf } from "./kind.js";
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

/** Elements that a key tells apart, each with a number: the server's first, then those only this person has, then the rest. */
export class Elements implements Draft {
  readonly values: unknown[] = [];
  readonly #keys: unknown[];
  readonly #orders: Record<SideOf, readonly number[]>;

  private constructor(
    readonly container: Container,
    private readonly sides: Record<SideOf, Keyed>,
    private readonly node: Node,
  ) {
    const numbering = new Numbering(sides.server.keys());
    const [server, local, base] = [sides.server, sides.local, sides.base].map((side) =>
      numbering.of(side),
    ) as [number[], number[], number[]];
    this.#orders = { server, local, base };
    this.#keys = numbering.keys;
  }

  /** None: the values cannot be taken apart by any of these containers, of which the first that fits is taken. */
  static of(node: Node, containers: readonly Container[], settling: Settling): Elements | undefined {
    for (const container of containers) {
      const [local, server] = [container.read(node.local), container.read(node.server)];
      // A base of another kind has no elements. One of the same kind that cannot be read may have had any.
      const isUnread = kindOf(node.base) === kindOf(node.server);
      const base = container.read(node.base) ?? (isUnread ? undefined : new Map<unknown, unknown>());
      if (local === undefined || server === undefined || base === undefined) continue;
      const elements = new Elements(container, { base, local, server }, node);
      elements.#settle(settling);
      return elements;
    }
    return undefined;
  }

  #settle(settling: Settling): void {
    const { base, local, server } = this.sides;
    for (const key of this.#keys) {
      const [was, here, there] = [versionIn(base, key), versionIn(local, key), versionIn(server, key)];
      const segment = this.container.segment(key);
      this.values.push(settling.settle(was, here, there, this.node.depth, segment));
    }
  }

  /**
   * Which elements there are, and their orders, as the engine reads them. Nothing if all three have the same ones in the
   * same order.
   */
  get orders(): readonly number[] {
    const { base, local, server } = this.#orders;
    if (
      isCountedUp(base) &&
      isCountedUp(local) &&
      base.length === server.length &&
      local.length === server.length
    ) {
      return [];
    }
    const stays = this.values.map((value) => (value === MISSING ? 0 : 1));
    return [stays.length, ...stays].concat(base.length, base, local.length, local, server.length, server);
  }

  assemble(order: ArrayLike<number> | undefined): unknown {
    const made = new Map<unknown, unknown>();
    for (const number of order === undefined ? this.values.keys() : Array.from(order)) {
      const value = settledPart(this.values[number]);
      if (value !== MISSING) made.set(this.#keys[number], value);
    }
    for (const side of ["server", "local"] as const) {
      const whole = this.node[side];
      // A list may have what stands in it twice, which is here once.
      const isWhole = !Array.isArray(whole) || whole.length === made.size;
      if (isWhole && isSame(made, this.sides[side])) return whole;
    }
    return this.container.write(made);
  }
}

/** Numbers keys, the server's in their order. */
class Numbering {
  readonly keys: unknown[];
  #numbers: Map<unknown, number> | undefined;

  constructor(keys: Iterable<unknown>) {
    this.keys = [...keys];
  }

  of(side: Keyed): number[] {
    const numbers: number[] = [];
    for (const key of side.keys()) {
      // Most stand where the server has them.
      const isThere = numbers.length < this.keys.length && this.keys[numbers.length] === key;
      numbers.push(isThere ? numbers.length : this.#numberOf(key));
    }
    return numbers;
  }

  #numberOf(key: unknown): number {
    this.#numbers ??= new Map(this.keys.map((known, number) => [known, number]));
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.keys.length);
    return this.keys.push(key) - 1;
  }
}

function versionIn(side: Keyed, key: unknown): unknown {
  const version = side.get(key);
  return version === undefined && !side.has(key) ? MISSING : version;
}

/** Whether they are 0, 1, 2 and so on. */
function isCountedUp(numbers: readonly number[]): boolean {
  return numbers.every((number, at) => number === at);
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

/** How a list is taken apart if the policy says nothing: by itself, or by a field of that name. */
export const usual: readonly Container[] = [scalars, ...["_id", "id", "key"].map(keyedBy)];
