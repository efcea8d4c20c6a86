import { sameValue } from "../token.js";
import { keyOfElements, tokenOf } from "./elements.js";
import { hunksOf } from "./sequence.js";
import { takeOne, tallyOf } from "./tally.js";
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
  const hunks = hunksOf(old, now);
  // What is in the hunks of both lists has moved.
  const gone = tallyOf(hunks.flatMap(({ from, to }) => old.slice(from, to)));
  const come = tallyOf(hunks.flatMap(({ newFrom, newTo }) => now.slice(newFrom, newTo)));
  const places = new Map(old.map((token, at) => [token, at]));
  const changes: ElementChange[] = [];
  const keep = (at: number, kind: "same" | "moved") => {
    const value = after[at];
    const was = before[places.get(now[at] as string) as number];
    if (key !== undefined && !sameValue(was, value)) changes.push({ kind: "changed", value, before: was });
    else changes.push({ kind, value });
  };
  let newAt = 0;
  for (const { from, to, newFrom, newTo } of hunks) {
    for (; newAt < newFrom; newAt += 1) keep(newAt, "same");
    for (let at = from; at < to; at += 1) {
      if (!takeOne(come, old[at] as string)) changes.push({ kind: "removed", value: before[at] });
    }
    for (; newAt < newTo; newAt += 1) {
      if (takeOne(gone, now[newAt] as string)) keep(newAt, "moved");
      else changes.push({ kind: "added", value: after[newAt] });
    }
  }
  for (; newAt < now.length; newAt += 1) keep(newAt, "same");
  return changes;
}
