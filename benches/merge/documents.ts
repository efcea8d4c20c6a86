/** A thing on a table, about a third of a kilobyte as JSON. */
export interface Item {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly owner: { readonly id: string; readonly name: string };
  readonly qty: number;
  readonly weight: number;
  readonly price: number;
  readonly rarity: string;
  readonly charges: number;
  readonly damage: string;
  readonly range: number;
  readonly note: string;
  readonly equipped: boolean;
  readonly at: { readonly x: number; readonly y: number };
  readonly tags: readonly string[];
}

export interface Table {
  readonly items: readonly Item[];
}

export interface Versions {
  readonly base: Table;
  readonly local: Table;
  readonly server: Table;
}

const itemOf = (number: number): Item => ({
  id: `item-${number}`,
  name: `Lantern of the ${number}th watch`,
  kind: "wondrous",
  owner: { id: `player-${number % 5}`, name: "Brenna" },
  qty: number % 7,
  weight: 2,
  price: 100 + number,
  rarity: "common",
  charges: 3,
  damage: "1d4",
  range: 30,
  note: "It burns without oil as long as somebody tells a story beside it.",
  equipped: false,
  at: { x: number % 40, y: Math.floor(number / 40) },
  tags: ["light", "magic"],
});

type Change = (item: Item) => Partial<Item>;

/** Five that one person makes, and five of another one. */
const CHANGES: Readonly<Record<"local" | "server", readonly Change[]>> = {
  local: [
    ({ qty }) => ({ qty: qty + 1 }),
    ({ weight }) => ({ weight: weight + 1 }),
    () => ({ note: "It went out." }),
    () => ({ equipped: true }),
    ({ at }) => ({ at: { ...at, x: at.x + 1 } }),
  ],
  server: [
    ({ price }) => ({ price: price * 2 }),
    () => ({ rarity: "rare" }),
    ({ charges }) => ({ charges: charges - 1 }),
    () => ({ damage: "1d6" }),
    ({ range }) => ({ range: range + 10 }),
  ],
};

/** A document of so many items with ten changed fields, as three values that share nothing: each came by another way. */
export function versionsOf(items: number): Versions {
  const base = { items: Array.from({ length: items }, (_, number) => itemOf(number)) };
  const changed = (side: "local" | "server") => {
    const copy = structuredClone(base);
    for (const [at, change] of CHANGES[side].entries()) {
      const place = Math.floor((at * items) / CHANGES[side].length);
      const item = copy.items[place] as Item;
      copy.items[place] = { ...item, ...change(item) };
    }
    return copy;
  };
  return { base, local: changed("local"), server: changed("server") };
}

/** A list of so many items, of which each side moved half of those that are moved. */
export function movedOf(items: number, moves: number): Versions {
  const base = { items: Array.from({ length: items }, (_, number) => itemOf(number)) };
  const moved = (first: number) => {
    const copy = structuredClone(base.items);
    for (let move = 0; move < moves / 2; move += 1) {
      const from = (first + move * 2) * Math.floor(items / (moves + 1));
      const [item] = copy.splice(from, 1);
      copy.splice((from * 7 + 13) % items, 0, item as Item);
    }
    return { items: copy };
  };
  return { base, local: moved(0), server: moved(1) };
}
