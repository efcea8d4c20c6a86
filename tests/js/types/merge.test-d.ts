import {
  type KeyedRule,
  keyed,
  type Merged,
  type MergePolicy,
  merge,
  mergePolicy,
  type PathPattern,
  type RuleFor,
  type ValueAt,
} from "tabweave/merge";
import { text } from "tabweave/text";
import { describe, expectTypeOf, test } from "vitest";

interface Line {
  readonly id: string;
  readonly qty: number;
  readonly note?: string | null;
}

interface Order {
  readonly id: string;
  readonly status: "open" | "done" | null;
  readonly total: bigint;
  readonly updatedAt: number;
  readonly due?: Date;
  readonly tags: readonly string[];
  readonly lines: readonly Line[];
  readonly meta?: { readonly seen: number; readonly by: string | undefined } | null;
  readonly prices: Record<string, number>;
  readonly stock: Map<string, { readonly left: number }>;
  readonly readers: Set<string>;
  readonly photo: ArrayBuffer;
  readonly grid: number[][];
  readonly "odd.name": { readonly count: number };
}

type Anything = ReturnType<typeof JSON.parse>;

interface Tree {
  readonly label: string;
  readonly children: readonly Tree[];
}

describe("patterns", () => {
  test("complete to every part of a document, through what may be missing", () => {
    type Wanted =
      | ("id" | "status" | "total" | "updatedAt" | "due" | "tags" | "lines" | "meta" | "prices" | "stock")
      | ("tags[*]" | "lines[*]" | "lines[*].id" | "lines[*].qty" | "lines[*].note" | "readers" | "photo")
      | ("meta.seen" | "meta.by" | "prices.*" | "stock[*]" | "stock[*].left")
      | ("grid" | "grid[*]" | "grid[*][*]" | '["odd.name"]' | '["odd.name"].count');
    expectTypeOf<PathPattern<Order>>().toEqualTypeOf<Wanted>();
  });

  test("of what is not known are any texts", () => {
    expectTypeOf<PathPattern<unknown>>().toEqualTypeOf<string>();
    expectTypeOf<PathPattern<Anything>>().toEqualTypeOf<string>();
  });

  test("below a part that is not known are any texts", () => {
    interface Event {
      readonly kind: string;
      readonly payload?: Anything;
      readonly rest: unknown;
    }
    expectTypeOf<"kind" | "payload" | "payload.a[*].b" | "rest" | "rest[*]">().toExtend<PathPattern<Event>>();
    expectTypeOf<"kind.a">().not.toExtend<PathPattern<Event>>();
    expectTypeOf<ValueAt<Event, "rest.a">>().toEqualTypeOf<unknown>();
    mergePolicy<Event>({ rules: { "payload.a[*].b": "counter", rest: keyed("id"), "rest[*]": text } });
    // @ts-expect-error the rest is not known, but the kind is
    mergePolicy<Event>({ rules: { "rest.a": "max", kind: "max" } });
  });

  test("of a union are those of all its members", () => {
    type Either = { readonly kind: "a"; readonly a: number } | { readonly kind: "b"; readonly b: string };
    expectTypeOf<PathPattern<Either>>().toEqualTypeOf<"kind" | "a" | "b">();
  });

  test("of a type that holds itself end", () => {
    expectTypeOf<"label" | "children[*].children[*].label">().toExtend<PathPattern<Tree>>();
    mergePolicy<Tree>({ rules: { label: text, "children[*].label": text } });
  });
});

describe("what a pattern leads to", () => {
  test("is the part's type", () => {
    expectTypeOf<ValueAt<Order, "lines[*].qty">>().toEqualTypeOf<number>();
    expectTypeOf<ValueAt<Order, "meta.seen">>().toEqualTypeOf<number>();
    expectTypeOf<ValueAt<Order, "prices.*">>().toEqualTypeOf<number>();
    expectTypeOf<ValueAt<Order, "stock[*].left">>().toEqualTypeOf<number>();
    expectTypeOf<ValueAt<Order, "grid[*][*]">>().toEqualTypeOf<number>();
    expectTypeOf<ValueAt<Order, '["odd.name"].count'>>().toEqualTypeOf<number>();
    expectTypeOf<ValueAt<Order, "due">>().toEqualTypeOf<Date | undefined>();
    expectTypeOf<ValueAt<Order, "">>().toEqualTypeOf<Order>();
  });
});

describe("rules", () => {
  test("complete to those that can do something with the part", () => {
    type Named<Value> = Extract<RuleFor<Value>, string>;
    type Always = "mostRecentNonNull" | "local" | "server" | "manual";
    expectTypeOf<Named<number>>().toEqualTypeOf<Always | "counter" | "max" | "min" | "latest">();
    expectTypeOf<Named<bigint | null>>().toEqualTypeOf<Always | "counter" | "max" | "min" | "latest">();
    expectTypeOf<Named<string | undefined>>().toEqualTypeOf<Always | "latest">();
    expectTypeOf<Named<Date>>().toEqualTypeOf<Always | "latest" | "max" | "min">();
    expectTypeOf<Named<readonly string[]>>().toEqualTypeOf<Always | "union" | "sequence" | "recursive">();
    expectTypeOf<Named<readonly Line[]>>().toEqualTypeOf<Always | "sequence" | "recursive">();
    expectTypeOf<Named<Set<string>>>().toEqualTypeOf<Always | "union">();
    expectTypeOf<Named<Map<string, number>>>().toEqualTypeOf<Always | "recursive">();
    expectTypeOf<Named<boolean>>().toEqualTypeOf<Always>();
    expectTypeOf<Named<ArrayBuffer>>().toEqualTypeOf<Always>();
    expectTypeOf<Extract<RuleFor<readonly Line[]>, KeyedRule>>().toEqualTypeOf<KeyedRule<keyof Line>>();
  });

  test("that fit are taken", () => {
    const policy = mergePolicy<Order>({
      rules: {
        total: "counter",
        updatedAt: "latest",
        due: "max",
        tags: "union",
        lines: keyed("id"),
        "lines[*].qty": "counter",
        "lines[*].note": text,
        meta: "recursive",
        "meta.seen": "max",
        "prices.*": "counter",
        stock: "recursive",
        "stock[*].left": "counter",
        readers: "union",
        photo: "server",
        "grid[*]": "sequence",
        '["odd.name"].count': "counter",
        status: ({ local, server, undecided }) => {
          expectTypeOf(local).toEqualTypeOf<"open" | "done" | null | undefined>();
          return local === "done" ? "done" : (server ?? undecided);
        },
      },
      fallback: "latest",
    });
    expectTypeOf(policy).toEqualTypeOf<MergePolicy<Order>>();
  });

  test("that do not fit are errors", () => {
    // @ts-expect-error texts do not add up
    mergePolicy<Order>({ rules: { id: "counter" } });
    // @ts-expect-error a number has no words
    mergePolicy<Order>({ rules: { total: text } });
    // @ts-expect-error a union of objects tells nothing apart
    mergePolicy<Order>({ rules: { lines: "union" } });
    // @ts-expect-error lines have no such field
    mergePolicy<Order>({ rules: { lines: keyed("sku") } });
    // @ts-expect-error scalars have no fields
    mergePolicy<Order>({ rules: { tags: keyed("id") } });
    // @ts-expect-error bytes have no parts
    mergePolicy<Order>({ rules: { photo: "recursive" } });
    // @ts-expect-error no rule is called so
    mergePolicy<Order>({ rules: { total: "newest" } });
    // @ts-expect-error the function makes a text of a number
    mergePolicy<Order>({ rules: { updatedAt: () => "now" } });
  });

  test("for what is not there are errors", () => {
    // @ts-expect-error there is no such field
    mergePolicy<Order>({ rules: { titel: "local" } });
    // @ts-expect-error a list's elements are `[*]`
    mergePolicy<Order>({ rules: { "lines.qty": "counter" } });
    // @ts-expect-error there is no such field in a line
    mergePolicy<Order>({ rules: { "lines[*].price": "counter" } });
    // @ts-expect-error a star is for fields without names of their own
    mergePolicy<Order>({ rules: { "meta.*": "local" } });
    // @ts-expect-error places are no patterns
    mergePolicy<Order>({ rules: { "lines[0].qty": "counter" } });
  });

  test("of a document that is not known are not checked", () => {
    mergePolicy<unknown>({ rules: { "any.thing[*]": "counter", other: keyed("id"), text } });
    mergePolicy({ rules: { a: "max" } });
  });
});

describe("a merge", () => {
  const order = {} as Order;

  test("gives the type that it was given, and takes a policy for it", () => {
    const policy = mergePolicy<Order>({ rules: { total: "counter" } });
    expectTypeOf(merge({ base: order, local: order, server: order, policy })).toEqualTypeOf<Merged<Order>>();
    expectTypeOf(merge({ local: order, server: order }).value).toEqualTypeOf<Order>();
  });

  test("does not take a policy for something else", () => {
    const policy = mergePolicy<Line>({ rules: { qty: "counter" } });
    // @ts-expect-error a line's policy tells nothing of orders
    merge<Order>({ base: order, local: order, server: order, policy });
  });
});
