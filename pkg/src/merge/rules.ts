import type { Words } from "./runs.js";
import type { Path, Sides } from "./types.js";
import type { UNDECIDED } from "./undecided.js";

/** Tells the objects of a list apart by a field: they are merged one by one, wherever they were moved. */
export interface KeyedRule<Field extends string = string> {
  readonly rule: "keyed";
  readonly by: Field;
}

/** Merges texts by words. */
export interface TextRule {
  /** `textBoth`: what both sides inserted at the same place is both there, the server's first. */
  readonly rule: "text" | "textBoth";
  readonly words: Words;
}

/** What a function of a policy is told. */
export interface RuleContext<Value> extends Sides {
  readonly base?: Value;
  readonly local?: Value;
  readonly server?: Value;
  readonly path: Path;
  /** To be returned if somebody has to decide. */
  readonly undecided: typeof UNDECIDED;
}

/**
 * Decides by itself what a part is to be that both sides changed. Pure and synchronous: it runs in every tab and again
 * after a reload. It is called for what one side removed, too; `undefined` removes the part.
 */
export type RuleFunction<Value> = (context: RuleContext<Value>) => Value | undefined | typeof UNDECIDED;

/** Rules for values of any type. */
type AnyRule<Value> = "mostRecentNonNull" | "local" | "server" | "manual" | RuleFunction<Value>;

type Scalar = string | number | bigint | boolean | null | undefined;

/** The rules that can do something with such a value. */
export type RuleFor<Value> = unknown extends Value
  ? NamedRule | KeyedRule | TextRule | RuleFunction<Value>
  : AnyRule<Value> | TypedRule<NonNullable<Value>>;

/** Maps come before sets: to the types a Map is one. */
type TypedRule<Value> = Value extends number | bigint
  ? "counter" | "max" | "min" | "latest"
  : Value extends string
    ? "latest" | TextRule
    : Value extends Date
      ? "latest" | "max" | "min"
      : Value extends readonly (infer Element)[]
        ? Element extends Scalar
          ? "union" | "sequence" | "recursive"
          : KeyedRule<keyof Element & string> | "sequence" | "recursive"
        : Value extends ReadonlyMap<unknown, unknown>
          ? "recursive"
          : Value extends ReadonlySet<unknown>
            ? "union"
            : Value extends boolean | ArrayBuffer | ArrayBufferView
              ? never
              : Value extends object
                ? "recursive"
                : never;

/** The rules that need nothing but their name. */
export type NamedRule = (typeof NAMED_RULES)[number];

/**
 * | rule | where both sides changed it |
 * |---|---|
 * | `latest` | the later of two moments: Date, milliseconds, or ISO 8601 with a zone |
 * | `mostRecentNonNull` | what is not null; if neither is, what was said later |
 * | `union` | what is in both, and what either added; what either removed is gone |
 * | `sequence` | a list without keys, as diff3 merges lines |
 * | `counter` | the base with what both added to it |
 * | `max`, `min` | the larger, the smaller one |
 * | `local`, `server` | this person's, the server's |
 * | `manual` | a person decides |
 * | `recursive` | field by field |
 */
export const NAMED_RULES = [
  "latest",
  "mostRecentNonNull",
  "union",
  "sequence",
  "counter",
  "max",
  "min",
  "local",
  "server",
  "manual",
  "recursive",
] as const;

/** A list of objects that this field tells apart: what both sides added, removed, changed and moved is kept. */
export function keyed<Field extends string>(by: Field): KeyedRule<Field> {
  return { rule: "keyed", by };
}
