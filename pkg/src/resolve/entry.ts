import { decode, encode } from "../local/tagged.js";
import type { Sides } from "../merge/types.js";
import { kindOf, modelOf, type ValueKind } from "./kind.js";
import { numberIn, numeralOf } from "./numeral.js";

/** What is wrong with a text that a person wrote for a value. */
export type EntryProblem =
  | { readonly code: "number" | "bigint" | "boolean" | "date" | "list" | "object" | "tag" }
  /** Where it stops being JSON, counted from 1, if the browser says so. */
  | { readonly code: "json"; readonly line?: number; readonly column?: number };

export type EntryResult = { readonly value: unknown } | { readonly problem: EntryProblem };

/** How a part is written by hand. */
export interface EntryForm {
  readonly kind: ValueKind;
  /** Whether a text may have several lines. */
  readonly long: boolean;
  /** The value whose sort the new one has to be of. */
  readonly model: unknown;
}

/** How a part can be written by hand; undefined if it holds what no text can stand for. */
export function entryForm(sides: Sides): EntryForm | undefined {
  const model = modelOf(sides);
  const kind = kindOf(model);
  if (kind === "json" && entryText(model) === undefined) return undefined;
  const texts = [sides.base, sides.local, sides.server].filter((value) => typeof value === "string");
  return {
    kind,
    model,
    long: kind === "json" || texts.some((text) => text.length > 60 || text.includes("\n")),
  };
}

/** The text that stands for a value, to be changed by hand; undefined if there is none. */
export function entryText(value: unknown, locale?: string): string | undefined {
  switch (kindOf(value)) {
    case "text":
      return value as string;
    case "number":
      return Number.isFinite(value) ? numeralOf(value as number, locale) : String(value);
    case "date":
      return localTime(value as Date);
    case "json":
      return jsonText(value);
    default:
      return String(value);
  }
}

function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(JSON.parse(encode(value)), undefined, 2);
  } catch {
    // It holds what only the browser has, such as a file.
    return undefined;
  }
}

/** As fields of dates and times have it: of the person's own time zone, which it does not name. */
function localTime(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().replace(/(:00)?\.?0*Z$/, "");
}

/** The value that a text stands for. */
export function readEntry({ kind, model }: EntryForm, text: string, locale?: string): EntryResult {
  if (kind === "text") return { value: text };
  if (kind === "json") return readJson(text, model);
  const value = readScalar(kind, text.trim(), locale);
  return value === undefined ? { problem: { code: kind } } : { value };
}

const NUMBERS: ReadonlyMap<string, number> = new Map(
  [NaN, Infinity, -Infinity].map((value) => [String(value), value]),
);

function readScalar(kind: Exclude<ValueKind, "text" | "json">, text: string, locale?: string): unknown {
  switch (kind) {
    case "number":
      return NUMBERS.get(text) ?? numberIn(text, locale);
    case "bigint":
      return /^[+-]?\d+$/.test(text) ? BigInt(text.replace("+", "")) : undefined;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "date": {
      const date = new Date(text);
      return text === "" || Number.isNaN(date.getTime()) ? undefined : date;
    }
  }
}

function readJson(text: string, model: unknown): EntryResult {
  try {
    JSON.parse(text);
  } catch (error) {
    return { problem: { code: "json", ...placeIn(text, error) } };
  }
  const read = decode(text);
  if (read === undefined) return { problem: { code: "tag" } };
  if (Array.isArray(model) && !Array.isArray(read.value)) return { problem: { code: "list" } };
  if (isFields(model) && !isFields(read.value)) return { problem: { code: "object" } };
  return read;
}

function isFields(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && Object.prototype.toString.call(value) === "[object Object]"
  );
}

/** Where the browser says that a text is no JSON: each says it in words of its own. */
function placeIn(text: string, error: unknown): { line?: number; column?: number } {
  const said = String(error);
  const [, line, column] = /line (\d+) column (\d+)/.exec(said) ?? [];
  if (line !== undefined) return { line: Number(line), column: Number(column) };
  const [, position] = /position (\d+)/.exec(said) ?? [];
  const at = position !== undefined ? Number(position) : /end of/i.test(said) ? text.length : undefined;
  if (at === undefined) return {};
  const lines = text.slice(0, at).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
