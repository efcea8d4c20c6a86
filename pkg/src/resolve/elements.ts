import { encodeValue } from "../token.js";

/** Fields by which elements of a list are known, the first one that all elements have and no two share. */
const KEYS = ["_id", "id", "key"];

/** By what elements of these lists are known from one list to the other; undefined: by what they are. */
export function keyOfElements(lists: ReadonlyArray<readonly unknown[]>): string | undefined {
  if (lists.every((list) => list.length === 0)) return undefined;
  return KEYS.find((name) => lists.every((list) => isKeyed(list, name)));
}

function isKeyed(list: readonly unknown[], name: string): boolean {
  const keys = list.map((item) => keyOf(item, name));
  return !keys.includes(undefined) && new Set(keys).size === keys.length;
}

function keyOf(item: unknown, name: string): string | undefined {
  if (typeof item !== "object" || item === null || !Object.hasOwn(item, name)) return undefined;
  const key = (item as Record<string, unknown>)[name];
  return typeof key === "string" || typeof key === "number" ? encodeValue(key) : undefined;
}

/** What stands for an element when lists are compared: its key, or what it is. */
export function tokenOf(item: unknown, key: string | undefined): string {
  return (key === undefined ? undefined : keyOf(item, key)) ?? encodeValue(item);
}
