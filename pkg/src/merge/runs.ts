import { isBytes } from "./bytes.js";
import { isScalar } from "./kind.js";
import type { Looking } from "./looking.js";
import type { Draft, Node } from "./node.js";

/** Cuts a text into words and what stands between them; put together again they are the text. */
export type Words = (text: string) => readonly string[];

type SideOf = "base" | "local" | "server";

/** In the engine's order. */
const SIDES = ["base", "local", "server"] as const;

/** What two lists or texts consist of, each item with a number that equal ones share. */
export class Runs implements Draft {
  readonly values: unknown[] = [];
  /** How many items, and their numbers, of each side, as the engine reads them; before them how many numbers there are. */
  readonly numbers: readonly number[];

  private constructor(
    private readonly items: Readonly<Record<SideOf, readonly unknown[]>>,
    private readonly isText: boolean,
    looking: Looking,
  ) {
    const numbers = new Numbers(looking);
    const runs = SIDES.flatMap((side) => [
      items[side].length,
      ...items[side].map((item) => numbers.of(item)),
    ]);
    this.numbers = [numbers.count, ...runs];
  }

  /** The items of a list. None: the values are no lists. */
  static ofItems({ base, local, server }: Node, looking: Looking): Runs | undefined {
    if (!Array.isArray(local) || !Array.isArray(server)) return undefined;
    return new Runs({ base: Array.isArray(base) ? base : [], local, server }, false, looking);
  }

  /** The words of a text. None: the values are no texts. */
  static ofWords({ base, local, server }: Node, words: Words, looking: Looking): Runs | undefined {
    if (typeof local !== "string" || typeof server !== "string") return undefined;
    const former = typeof base === "string" ? words(base) : [];
    return new Runs({ base: former, local: words(local), server: words(server) }, true, looking);
  }

  /** Puts runs together: whose, from where, to where. */
  assemble(pieces: ArrayLike<number>): unknown {
    const items: unknown[] = [];
    for (let at = 0; at < pieces.length; at += 3) {
      const side = SIDES[pieces[at] as number] as SideOf;
      // One by one: all of them would be too many arguments.
      for (const item of this.items[side].slice(pieces[at + 1], pieces[at + 2])) items.push(item);
    }
    if (this.isText) return items.join("");
    const sides = [this.items.server, this.items.local];
    return sides.find((side) => isSame(side, items)) ?? items;
  }
}

/** Whether both lists hold the very same. */
function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, at) => Object.is(item, other[at]));
}

/** Stands for -0, which a Map takes for 0. */
const MINUS_ZERO = Symbol("-0");

/** Numbers things so that equal ones have the same number. */
class Numbers {
  readonly #scalars = new Map<unknown, number>();
  /** The others, by something that equal ones have in common. */
  readonly #others = new Map<string, Array<{ readonly value: unknown; readonly number: number }>>();
  count = 0;

  constructor(private readonly looking: Looking) {}

  of(value: unknown): number {
    if (!isScalar(value)) return this.#other(value as object);
    const key = Object.is(value, -0) ? MINUS_ZERO : value;
    const known = this.#scalars.get(key) ?? this.count++;
    this.#scalars.set(key, known);
    return known;
  }

  #other(value: object): number {
    const sign = signOf(value);
    const alike = this.#others.get(sign) ?? [];
    const known = alike.find((one) => this.looking.same(one.value, value, 0));
    if (known) return known.number;
    alike.push({ value, number: this.count++ });
    this.#others.set(sign, alike);
    return this.count - 1;
  }
}

/** A text that equal values share, and others often do not. */
function signOf(value: object): string {
  if (value instanceof Date) return String(value.getTime());
  if (isBytes(value)) return String(value.byteLength);
  const scalars = Object.entries(value).filter(([, part]) => isScalar(part));
  return scalars
    .map(([name, part]) => `${name}:${String(part)}`)
    .sort()
    .join();
}
