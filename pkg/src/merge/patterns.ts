/** How far types are looked into for patterns: deeper ones are checked when the policy is made, but not completed. */
type Levels = [never, 0, 1, 2, 3, 4, 5];

type Scalar =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | ArrayBuffer
  | ArrayBufferView;

/**
 * The patterns that lead to a part of such a document: `"status"`, `"items[*].qty"`, `"meta.*"`. `[*]` is any element of
 * a list or entry of a Map, `*` any field of an object whose fields have no names of their own.
 */
export type PathPattern<Document> = unknown extends Document ? string : PatternsIn<Document, "", 5>;

/** Below what nobody knows the type of may be anything. */
type PatternsIn<Value, Lead extends string, Depth extends Levels[number]> = [Depth] extends [never]
  ? never
  : unknown extends Value
    ? `${Lead}${"." | "["}${string}`
    : Value extends Scalar
      ? never
      : Value extends readonly (infer Element)[]
        ? `${Lead}[*]` | PatternsIn<Element, `${Lead}[*]`, Levels[Depth]>
        : Value extends ReadonlyMap<unknown, infer Entry>
          ? `${Lead}[*]` | PatternsIn<Entry, `${Lead}[*]`, Levels[Depth]>
          : Value extends ReadonlySet<unknown>
            ? never
            : FieldPatterns<Value, Lead, Depth>;

type FieldPatterns<Value, Lead extends string, Depth extends Levels[number]> = {
  [Name in keyof Value & string]-?:
    | StepTo<Lead, Name>
    | PatternsIn<Value[Name], StepTo<Lead, Name>, Levels[Depth]>;
}[keyof Value & string];

/** A name with signs of patterns in it is quoted. */
type StepTo<Lead extends string, Name extends string> = string extends Name
  ? Lead extends ""
    ? "*"
    : `${Lead}.*`
  : Name extends `${string}${"." | "[" | "]" | "*" | '"'}${string}`
    ? `${Lead}["${Name}"]`
    : Lead extends ""
      ? Name
      : `${Lead}.${Name}`;

/** What the parts are that a pattern leads to. */
export type ValueAt<Document, Pattern extends string> = unknown extends Document
  ? unknown
  : Pattern extends ""
    ? Document
    : Pattern extends `[*]${infer Rest}`
      ? ValueAt<ElementOf<NonNullable<Document>>, WithoutDot<Rest>>
      : Pattern extends `["${infer Name}"]${infer Rest}`
        ? ValueAt<FieldOf<NonNullable<Document>, Name>, WithoutDot<Rest>>
        : ValueAt<FieldOf<NonNullable<Document>, HeadOf<Pattern>>, RestOf<Pattern>>;

type WithoutDot<Rest extends string> = Rest extends `.${infer After}` ? After : Rest;

/** What stands before the first dot or bracket. */
type HeadOf<Pattern extends string> = BeforeDot<Pattern extends `${infer Head}[${string}` ? Head : Pattern>;

type BeforeDot<Pattern extends string> = Pattern extends `${infer Head}.${string}` ? Head : Pattern;

type RestOf<Pattern extends string> = Pattern extends `${HeadOf<Pattern>}${infer Rest}`
  ? WithoutDot<Rest>
  : never;

type ElementOf<Value> = Value extends readonly (infer Element)[]
  ? Element
  : Value extends ReadonlyMap<unknown, infer Entry>
    ? Entry
    : never;

type FieldOf<Value, Name extends string> = Value extends unknown
  ? Name extends "*"
    ? Value[keyof Value]
    : Name extends keyof Value
      ? Value[Name]
      : never
  : never;

const STEP = String.raw`(?:\[\*\]|\["[^"]*"\])`;
const NAME = String.raw`(?:\*|[^.[\]*"]+)`;

/** Whether a text is written as a pattern. */
export const PATTERN = new RegExp(`^(?!\\.)(?:${NAME})?${STEP}*(?:\\.${NAME}${STEP}*)*$`);

/** One spelling for all of a pattern: every name in quotes. */
export function spelledOut(pattern: string): string {
  const steps = pattern.match(new RegExp(`${STEP}|${NAME}`, "g")) ?? [];
  return steps.map((step) => (step === "*" || step.startsWith("[") ? step : `["${step}"]`)).join();
}
