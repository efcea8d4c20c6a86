// Merges as JSON has them (`tests/merge-cases.md`), by the package as it is built.
import { init } from "tabweave";
import {
  keyed,
  type MergeConflict,
  type Merged,
  type MergePolicyOptions,
  merge,
  mergePolicy,
  type Path,
  type RuleContext,
} from "tabweave/merge";
import { text, textBoth } from "tabweave/text";
import { decode, encode } from "../../../pkg/src/local/tagged.js";

type Json = unknown;

/** A merge, and what is to come of it. */
interface Case {
  readonly name: string;
  readonly base?: Json;
  readonly local?: Json;
  readonly server?: Json;
  readonly policy?: { readonly rules?: Readonly<Record<string, Json>>; readonly [option: string]: Json };
  readonly times?: { readonly localMs?: number; readonly serverMs?: number };
  readonly expected: Json;
}

const SIDES = ["base", "local", "server"] as const;

const FUNCTIONS: Readonly<Record<string, (context: RuleContext<unknown>) => unknown>> = {
  list: (context) => SIDES.filter((side) => side in context).map((side) => context[side]),
  remove: () => undefined,
  undecided: ({ undecided }) => undecided,
  throw: () => {
    throw new Error("a function of a policy threw");
  },
};

function ruleOf(spec: Json): unknown {
  if (spec === "text" || spec === "textBoth") return spec === "text" ? text : textBoth;
  if (typeof spec === "string") return spec;
  const { rule, by, does } = spec as { rule: string; by?: string; does?: string };
  return rule === "keyed" ? keyed(by ?? "") : FUNCTIONS[does ?? ""];
}

function policyOf({ rules = {}, ...options }: NonNullable<Case["policy"]>) {
  const named = Object.entries(rules).map(([pattern, spec]) => [pattern, ruleOf(spec)]);
  return mergePolicy({ ...options, rules: Object.fromEntries(named) } as MergePolicyOptions<unknown>);
}

function decoded(json: Json): unknown {
  const found = decode(JSON.stringify(json));
  if (found === undefined) throw new Error(`this is no value: ${JSON.stringify(json)}`);
  return found.value;
}

/** One text for all values that cannot be told apart, whatever the order of their fields. */
function textOf(value: unknown): string {
  return JSON.stringify(sorted(JSON.parse(encode(value))));
}

function sorted(json: Json): Json {
  if (Array.isArray(json)) {
    const [tag] = json;
    const isObject = tag === "Object" && Array.isArray(json[1]);
    return isObject ? [tag, json[1].map(sorted).sort(byText)] : json.map(sorted);
  }
  if (typeof json !== "object" || json === null) return json;
  const fields = Object.entries(json).map(([name, part]) => [name, sorted(part)]);
  return Object.fromEntries(fields.sort(byText));
}

/** By the names of fields, whatever is in them. */
function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : Number(one > other);
}

function byText(one: Json, other: Json): number {
  const [some, others] = [JSON.stringify(one), JSON.stringify(other)];
  return some < others ? -1 : Number(some > others);
}

/** A verdict without its sides, which are where its path leads. */
function told(verdict: Readonly<Record<string, unknown>>): string {
  const { base: _base, local: _local, server: _server, error: _error, ...rest } = verdict;
  return textOf(rest);
}

function outcomeText({ value, decisions, conflicts }: Record<string, unknown>): string {
  const lists = [decisions, conflicts].map((list) => (list as Record<string, unknown>[]).map(told).sort());
  return [textOf(value), ...lists.flat()].join("\n");
}

/** The part that a path leads to; none: it leads nowhere. */
function partAt(whole: unknown, path: Path): { readonly part: unknown } | undefined {
  let part = whole;
  for (const segment of path) {
    const found = step(part, segment);
    if (found === undefined) return undefined;
    part = found.part;
  }
  return { part };
}

/** As Maps and Sets compare: 0 is -0. */
const isSameKey = (one: unknown, other: unknown) => one === other || Object.is(one, other);

function step(whole: unknown, segment: Path[number]): { readonly part: unknown } | undefined {
  if (typeof segment === "string") {
    const isThere = typeof whole === "object" && whole !== null && Object.hasOwn(whole, segment);
    return isThere ? { part: (whole as Record<string, unknown>)[segment] } : undefined;
  }
  if (typeof segment === "number") return undefined;
  const { key } = segment;
  if (whole instanceof Map) return whole.has(key) ? { part: whole.get(key) } : undefined;
  if (!Array.isArray(whole) && !(whole instanceof Set)) return undefined;
  const keyOf = (item: unknown) => ("by" in segment ? step(item, segment.by)?.part : item);
  const found = [...whole].filter((item) => isSameKey(keyOf(item), key));
  return found.length > 0 ? { part: found[0] } : undefined;
}

type Versions = Partial<Record<(typeof SIDES)[number], unknown>>;

/** Whether all around the part was of the same kind before. Else the base has no such part. */
function isBaseAlike({ base, local }: Versions, path: Path): boolean {
  return path.every((_, steps) => {
    const [was, is] = [base, local].map(
      (whole) => Object(partAt(whole, path.slice(0, steps))?.part) as object,
    );
    return Object.prototype.toString.call(was) === Object.prototype.toString.call(is);
  });
}

/** Whether a verdict tells what the documents have where its path leads. */
function areSidesTold(verdict: Versions & { readonly path: Path }, versions: Versions): boolean {
  return SIDES.every((side) => {
    const isThere = side in versions && (side !== "base" || isBaseAlike(versions, verdict.path));
    const found = isThere ? partAt(versions[side], verdict.path) : undefined;
    return found === undefined ? !(side in verdict) : Object.is(verdict[side], found.part);
  });
}

/** Whether two objects hold the very same, in the same places. */
function isAlike(one: object, other: unknown): boolean {
  if (typeof other !== "object" || other === null) return false;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  const [some, others] = [contentsOf(one), contentsOf(other)];
  return some.length === others.length && some.every((part, at) => Object.is(part, others[at]));
}

function contentsOf(whole: object): readonly unknown[] {
  if (whole instanceof Map || whole instanceof Set) return [...whole.entries()].flat();
  return Array.isArray(whole) ? whole : Object.entries(whole).sort(byName).flat();
}

/** Whether something in the value was made anew that a side has just so in its place. */
function isCopy(value: unknown, local: unknown, server: unknown): boolean {
  if (typeof value !== "object" || value === null || value === local || value === server) return false;
  if ([local, server].some((side) => isAlike(value, side))) return true;
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.entries(value).some(([name, part]) =>
    isCopy(part, step(local, name)?.part, step(server, name)?.part),
  );
}

/** Forbids to change anything in a value that can be forbidden to change. */
function frozen(value: unknown): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

function failureOf(one: Case): string | undefined {
  const versions: Versions = {};
  for (const side of SIDES) if (side in one) versions[side] = frozen(decoded(one[side]));
  const before = textOf(versions);
  const policy = one.policy && policyOf(one.policy);
  const merged: Merged = merge({ ...versions, ...one.times, policy });
  const [came, expected] = [
    outcomeText({ ...merged }),
    outcomeText(decoded(one.expected) as Record<string, unknown>),
  ];
  if (came !== expected) return `came out\n${came}\nexpected\n${expected}`;
  const verdicts: ReadonlyArray<Versions & { readonly path: Path }> = [
    ...merged.decisions,
    ...(merged.conflicts as readonly MergeConflict[]),
  ];
  const wrong = verdicts.find((verdict) => !areSidesTold(verdict, versions));
  if (wrong) return `a side is not what its document has there: ${textOf(wrong.path)}`;
  if (textOf(versions) !== before) return "a version was changed";
  const isMade = merged.decisions.some(({ rule }) => rule === "function");
  if (!isMade && isCopy(merged.value, versions.local, versions.server)) return "something was copied";
  return undefined;
}

/** What is wrong with the merges of this text, at most so much of it. */
async function failures(text: string, most = 5): Promise<string[]> {
  const cases = JSON.parse(text) as Case[];
  await init({ wasm: "tabweave.wasm" });
  const found: string[] = [];
  for (const one of cases) {
    let failure: string | undefined;
    try {
      failure = failureOf(one);
    } catch (error) {
      failure = `threw ${String(error)} ${String((error as Error).cause)}`;
    }
    if (failure) found.push(`${one.name}: ${failure}\n${JSON.stringify(one)}`);
    if (found.length === most) break;
  }
  return found;
}

const merging = { failures };

declare global {
  interface Window {
    readonly merging: typeof merging;
  }
}

// Who opens a page waits for a stage.
Object.assign(window, { merging, stage: merging });
