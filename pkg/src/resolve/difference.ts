import { sameValue } from "../token.js";
import { keyOfElements, tokenOf } from "./elements.js";
import { hunksOf } from "./sequence.js";
import { wordsOf } from "./words.js";

/** A stretch of two texts: what both have, what only the older one has, or only the newer one. */
export interface TextSpan {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** What became of the words of a text, in the order in which one reads it. */
export function textDifference(before: string, after: string, locale?: string): readonly TextSpan[] {
  const [old, now] = [wordsOf(before, locale), wordsOf(after, locale)];
  const spans: TextSpan[] = [];
  const add = (kind: TextSpan["kind"], words: readonly string[]) => {
    if (words.length > 0) spans.push({ kind, text: words.join("") });
  };
  let at = 0;
  for (const { from, to, newFrom, newTo } of joined(hunksOf(old, now), old)) {
    add("same", old.slice(at, from));
    add("removed", old.slice(from, to));
    add("added", now.slice(newFrom, newTo));
    at = to;
  }
  add("same", old.slice(at));
  return spans;
}

/** Nobody wants to read two changed words as two changes because the space between them is the same. */
function joined(hunks: ReturnType<typeof hunksOf>, words: readonly string[]): ReturnType<typeof hunksOf> {
  const result: ReturnType<typeof hunksOf> = [];
  for (const hunk of hunks) {
    const last = result.at(-1);
    const between = last && words.slice(last.to, hunk.from);
    const near = last && between?.every((word) => word.trim() === "");
    // What only comes in, or only goes, stays what it is.
    const alike =
      last &&
      last.to > last.from &&
      hunk.to > hunk.from &&
      last.newTo > last.newFrom &&
      hunk.newTo > hunk.newFrom;
    if (near && alike) result.splice(-1, 1, { ...last, to: hunk.to, newTo: hunk.newTo });
    else result.push(hunk);
  }
  return result;
}

/** What became of one element of a list. */
export interface ElementChange {
  readonly kind: "same" | "removed" | "added" | "moved" | "changed";
  /** The element as it is, or was, if it was removed. */
  readonly value: unknown;
  /** Of one that changed: as it was. */
  readonly before?: unknown;
}

/** What became of the elements of a list, in the order of the newer one, with what was removed where it was. */
export function listDifference(
  before: readonly unknown[],
  after: readonly unknown[],
): readonly ElementChange[] {
  const key = keyOfElements([before, after]);
  const [old, now] = [before, after].map((list) => list.map((item) => tokenOf(item, key))) as [
    string[],
    string[],
  ];
  const changes: ElementChange[] = [];
  const keep = (token: string, value: unknown, moved: boolean) => {
    const was = before[old.indexOf(token)];
    if (key !== undefined && !sameValue(was, value)) changes.push({ kind: "changed", value, before: was });
    else changes.push({ kind: moved ? "moved" : "same", value });
  };
  let [at, newAt] = [0, 0];
  const same = (to: number) => {
    for (; at < to; at += 1, newAt += 1) keep(now[newAt] as string, after[newAt], false);
  };
  for (const { from, to, newTo } of hunksOf(old, now)) {
    same(from);
    for (; at < to; at += 1) {
      if (!now.includes(old[at] as string)) changes.push({ kind: "removed", value: before[at] });
    }
    for (; newAt < newTo; newAt += 1) {
      const token = now[newAt] as string;
      if (old.includes(token)) keep(token, after[newAt], true);
      else changes.push({ kind: "added", value: after[newAt] });
    }
  }
  same(old.length);
  return changes;
}
