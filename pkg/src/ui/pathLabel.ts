"use client";

import type { ParkedConflict } from "../merge/parked.js";
import type { Path, PathSegment } from "../merge/types.js";
import { type Part, partAt } from "../resolve/part.js";
import { encodeValue } from "../token.js";
import type { ConflictMessages, Wording } from "./messages.js";

/** Fields that name an element, the first that has a text. */
const NAMES = ["name", "title", "label", "subject", "text"];

/** What people call a part of a document: a word for each step towards it. */
export function pathLabel(
  conflict: ParkedConflict,
  path: Path,
  messages: ConflictMessages,
  wording: Wording,
): readonly string[] {
  if (path.length === 0) return [messages.wholeDocument];
  const { local, server, base, merged } = conflict;
  const versions = [local, server, base, merged.value];
  return path.map((segment, at): string => {
    if (typeof segment === "string") return spoken(segment);
    const whole = path.slice(0, at + 1);
    const named = versions.map((value) => nameOf(partAt({ value }, whole))).find(Boolean);
    return named ?? keyLabel(segment, messages, wording);
  });
}

function nameOf(part: Part): string | undefined {
  const value = part?.value;
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  const name = NAMES.find((field) => Object.hasOwn(fields, field) && typeof fields[field] === "string");
  return name && (fields[name] as string);
}

function keyLabel(
  segment: Exclude<PathSegment, string>,
  messages: ConflictMessages,
  wording: Wording,
): string {
  if (typeof segment === "number") return messages.element(segment + 1, wording);
  return typeof segment.key === "string" ? segment.key : encodeValue(segment.key);
}

/** `hitPoints` and `hit_points` as people write it. */
export function spoken(field: string): string {
  const words = field
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
    .replace(/[_-]+/g, " ")
    .trim();
  if (words === "") return field;
  const quiet = words === words.toUpperCase() ? words : words.toLowerCase();
  return quiet.charAt(0).toUpperCase() + quiet.slice(1);
}
