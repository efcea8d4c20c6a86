import { type AnyCollection, type Definition, PARTS } from "../definition/parts.js";
import { TabweaveError } from "../errors/error.js";

/** Refuses what the types forbid: callers may be written in JavaScript. */
export function check(isRight: boolean, what: string): asserts isRight {
  if (!isRight) throw new TabweaveError("invalid_option", { detail: `\`${what}\` cannot be that.` });
}

export function checkText(value: unknown, name: string): void {
  check(typeof value === "string", name);
}

export function checkName(value: unknown): asserts value is string {
  check(typeof value === "string" && value !== "", "name");
}

export function checkCollection(value: Partial<AnyCollection> | null | undefined): void {
  check(value?.[PARTS] !== undefined, "collection");
}

export function checkDefinitions(values: unknown): void {
  const areRight = Array.isArray(values) && values.every((it: Partial<Definition> | null) => it?.[PARTS]);
  check(areRight, "operations");
}
