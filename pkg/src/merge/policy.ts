import { check } from "../client/check.js";
import { TabweaveError } from "../errors/error.js";
import type { MergeLimits } from "./looking.js";
import { PATTERN, type PathPattern, spelledOut, type ValueAt } from "./patterns.js";
import { type KeyedRule, NAMED_RULES, type RuleFor, type RuleFunction, type TextRule } from "./rules.js";
import type { Words } from "./runs.js";
import type { RuleName } from "./verdicts.js";

/** Fields that usually hold a moment. */
const TIMESTAMP_KEYS = [
  "updatedAt",
  "updated_at",
  "modifiedAt",
  "modified_at",
  "lastModified",
  "lastUpdate",
  "lastUpdated",
  "lastActivity",
  "lastSeen",
  "timestamp",
];

/** Fields that usually hold a status. */
const STATUS_KEYS = ["status", "state"];

export interface MergePolicyOptions<Document> extends MergeLimits {
  /** Which rule holds for the parts that a pattern leads to. The more exact pattern counts. */
  readonly rules?: { readonly [Pattern in PathPattern<Document>]?: RuleFor<ValueAt<Document, Pattern>> };
  /**
   * What becomes of a part that no rule decides. `manual` (default): a conflict. `latest`: the side that was changed
   * later is taken. What one side removed and the other changed is a conflict in any case.
   */
  readonly fallback?: "manual" | "latest";
  /** Fields that hold a moment, of which the later one counts; a Date is one anyhow. Default: `updatedAt` and the like. */
  readonly timestampKeys?: readonly string[];
  /** Fields that hold a status, of which the most recent that is not null counts. Default: `status` and `state`. */
  readonly statusKeys?: readonly string[];
}

declare const DOCUMENT: unique symbol;

/** How documents are merged. */
export interface MergePolicy<Document = unknown> {
  readonly [DOCUMENT]?: (document: Document) => void;
  readonly [POLICY]: PolicyParts;
}

/** Where a policy keeps what the engine needs of it; global, so that two bundles agree. */
export const POLICY: unique symbol = Symbol.for("tabweave.mergePolicy");

/** A policy as the engine takes it. */
export interface PolicyParts {
  readonly limits: MergeLimits;
  readonly fallback: "manual" | "latest";
  readonly timestampKeys: readonly string[];
  readonly statusKeys: readonly string[];
  /** Which rule holds where; the argument is the place in `keys` or in `functions`, for the rules that need one. */
  readonly rules: ReadonlyArray<{
    readonly pattern: string;
    readonly rule: RuleName;
    readonly argument: number;
  }>;
  readonly keys: readonly string[];
  readonly functions: ReadonlyArray<RuleFunction<unknown>>;
  readonly words: Words | undefined;
}

/**
 * A policy for documents of this type: `mergePolicy<Task>({ rules: { "items[*].qty": "counter" } })`. Patterns and rules
 * complete, and one that does not fit the type is an error; so is, when it is made, one that does not exist.
 *
 * @throws TabweaveError `invalid_option`
 */
export function mergePolicy<Document>(options: MergePolicyOptions<Document> = {}): MergePolicy<Document> {
  const { fallback = "manual", timestampKeys = TIMESTAMP_KEYS, statusKeys = STATUS_KEYS } = options;
  check(fallback === "manual" || fallback === "latest", "fallback");
  check(areTexts(timestampKeys), "timestampKeys");
  check(areTexts(statusKeys), "statusKeys");
  const { mergeNodesMax, mergeDepthMax } = options;
  check(isLimit(mergeNodesMax), "mergeNodesMax");
  check(isLimit(mergeDepthMax, LEVELS_MAX), "mergeDepthMax");
  const limits = {
    ...(mergeNodesMax === undefined ? {} : { mergeNodesMax }),
    ...(mergeDepthMax === undefined ? {} : { mergeDepthMax }),
  };
  const spelled = new SpelledRules();
  for (const [pattern, rule] of Object.entries(options.rules ?? {})) spelled.add(pattern, rule);
  const { rules, keys, functions, words } = spelled;
  return { [POLICY]: { limits, fallback, timestampKeys, statusKeys, rules, keys, functions, words } };
}

/** Rules as they are told to the engine. */
class SpelledRules {
  readonly rules: Array<PolicyParts["rules"][number]> = [];
  readonly keys: string[] = [];
  readonly functions: Array<RuleFunction<unknown>> = [];
  words: Words | undefined;
  /** Those that have a rule, in one spelling each. */
  readonly #patterns = new Set<string>();

  add(pattern: string, rule: unknown): void {
    const name = `rules[${JSON.stringify(pattern)}]`;
    check(PATTERN.test(pattern), name);
    const spelled = spelledOut(pattern);
    check(!this.#patterns.has(spelled), name);
    this.#patterns.add(spelled);
    if (typeof rule === "function") {
      this.#push(pattern, "function", this.functions.push(rule as RuleFunction<unknown>) - 1);
    } else if (isKeyedRule(rule)) {
      this.#push(pattern, "keyed", this.keys.push(rule.by) - 1);
    } else if (isTextRule(rule)) {
      this.words ??= rule.words;
      this.#push(pattern, rule.rule);
    } else {
      const known = NAMED_RULES.find((named) => named === rule);
      if (known === undefined) {
        const detail = `${name} is no rule: take ${NAMED_RULES.join(", ")}, keyed(FIELD), text or a function.`;
        throw new TabweaveError("invalid_option", { detail });
      }
      this.#push(pattern, known);
    }
  }

  #push(pattern: string, rule: RuleName, argument = 0): void {
    this.rules.push({ pattern, rule, argument });
  }
}

function isKeyedRule(rule: unknown): rule is KeyedRule {
  const { rule: name, by } = (rule ?? {}) as Partial<KeyedRule>;
  return name === "keyed" && typeof by === "string" && by !== "";
}

function isTextRule(rule: unknown): rule is TextRule {
  const { rule: name, words } = (rule ?? {}) as Partial<TextRule>;
  return (name === "text" || name === "textBoth") && typeof words === "function";
}

function areTexts(names: unknown): boolean {
  return Array.isArray(names) && names.every((name) => typeof name === "string");
}

/** What a browser's stack can bear, with what the app has on it already. */
const LEVELS_MAX = 1_000;

function isLimit(limit: unknown, most = Number.MAX_SAFE_INTEGER): boolean {
  return limit === undefined || (Number.isSafeInteger(limit) && 0 < Number(limit) && Number(limit) <= most);
}
