import type { MergeConflict, Sides } from "../merge/types.js";
import { sameValue } from "../token.js";
import { keyOfElements, tokenOf } from "./elements.js";
import type { Part } from "./part.js";
import { regionsOf } from "./sequence.js";
import { isProse, wordsOf } from "./words.js";

/**
 * What both sides did to a part, if that can be had at once: the words of both texts, or the elements of both lists; where
 * both changed the same place, what this person put there comes first. What one of them removed stays removed. Undefined
 * where there is no such thing: for a number, a name, a list that both put into another order.
 */
export function bothOf(part: Sides & Partial<Pick<MergeConflict, "why" | "rule">>): Part {
  const { local, server } = part;
  const made = ownBoth(part);
  // If one side has it all, taking that side is the same.
  return made === undefined || sameValue(made.value, local) || sameValue(made.value, server)
    ? undefined
    : made;
}

function ownBoth({ base, local, server, why, rule }: Parameters<typeof bothOf>[0]): Part {
  if (typeof local === "string" && typeof server === "string") {
    const old = typeof base === "string" ? base : "";
    const prose = rule === "text" || isProse(old) || (isProse(local) && isProse(server));
    return prose ? { value: bothTexts(old, local, server) } : undefined;
  }
  if (Array.isArray(local) && Array.isArray(server) && why !== "reordered") {
    return bothLists(Array.isArray(base) ? base : [], local, server);
  }
  return undefined;
}

function bothTexts(base: string, local: string, server: string): string {
  const words = { base: wordsOf(base), local: wordsOf(local), server: wordsOf(server) };
  const texts = regionsOf(words.base, words.local, words.server).map((region) => {
    const mine = words.local.slice(...region.local).join("");
    const theirs = words.server.slice(...region.server).join("");
    if (region.changed !== "both") return region.changed === "server" ? theirs : mine;
    return mine === theirs ? mine : spaced(mine, theirs);
  });
  return texts.join("");
}

function spaced(mine: string, theirs: string): string {
  const touches = mine !== "" && theirs !== "" && !/\s$/.test(mine) && !/^\s/.test(theirs);
  return touches ? `${mine} ${theirs}` : mine + theirs;
}

function bothLists(base: readonly unknown[], local: readonly unknown[], server: readonly unknown[]): Part {
  const key = keyOfElements([base, local, server]);
  const tokens = (list: readonly unknown[]) => list.map((item) => tokenOf(item, key));
  const [old, mine, theirs] = [tokens(base), tokens(local), tokens(server)];
  const isRemoved = (token: string) =>
    old.includes(token) && !(mine.includes(token) && theirs.includes(token));
  const items: unknown[] = [];
  const taken: string[] = [];
  const take = (
    from: readonly unknown[],
    names: readonly string[],
    [first, last]: readonly [number, number],
  ) => {
    for (let at = first; at < last; at += 1) {
      const token = names[at] as string;
      // One that both moved, or both added, is there once.
      const most = Math.max(count(mine, token), count(theirs, token));
      if (count(taken, token) < most && !isRemoved(token)) {
        items.push(from[at]);
        taken.push(token);
      }
    }
  };
  for (const region of regionsOf(old, mine, theirs)) {
    if (region.changed !== "server") take(local, mine, region.local);
    if (region.changed === "server" || region.changed === "both") take(server, theirs, region.server);
  }
  if (key === undefined) return { value: items };
  const later = items.map((item) => laterOf(tokenOf(item, key), [old, mine, theirs], [base, local, server]));
  return later.includes(undefined) ? undefined : { value: later.map((part) => part?.value) };
}

/** An element as the side has it that changed it; undefined if both did, differently. */
function laterOf(
  token: string,
  names: ReadonlyArray<readonly string[]>,
  lists: ReadonlyArray<readonly unknown[]>,
): Part {
  const [base, mine, theirs] = names.map((list, side): Part => {
    const at = list.indexOf(token);
    return at < 0 ? undefined : { value: lists[side]?.[at] };
  });
  if (mine === undefined || theirs === undefined) return mine ?? theirs;
  if (sameValue(mine.value, theirs.value) || (base && sameValue(base.value, theirs.value))) return mine;
  return base && sameValue(base.value, mine.value) ? theirs : undefined;
}

function count(list: readonly string[], token: string): number {
  return list.filter((other) => other === token).length;
}
