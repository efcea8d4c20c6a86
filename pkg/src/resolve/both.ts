import type { MergeConflict, Sides } from "../merge/types.js";
import { sameValue } from "../token.js";
import { keyOfElements, tokenOf } from "./elements.js";
import type { Part } from "./part.js";
import { regionsOf } from "./sequence.js";
import { takeOne, tallyOf } from "./tally.js";
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
  const items: unknown[] = [];
  const allowed = allowedOf(old, mine, theirs);
  const take = (
    from: readonly unknown[],
    names: readonly string[],
    [first, last]: readonly [number, number],
  ) => {
    for (let at = first; at < last; at += 1) if (takeOne(allowed, names[at] as string)) items.push(from[at]);
  };
  for (const region of regionsOf(old, mine, theirs)) {
    if (region.changed !== "server") take(local, mine, region.local);
    if (region.changed === "server" || region.changed === "both") take(server, theirs, region.server);
  }
  if (key === undefined) return { value: items };
  const byToken = [base, local, server].map(
    (list) => new Map(list.map((item) => [tokenOf(item, key), item])),
  );
  const later = items.map((item) => laterOf(tokenOf(item, key), byToken));
  return later.includes(undefined) ? undefined : { value: later.map((part) => part?.value) };
}

/** How often an element may be there: once if both moved it, or both added it, and never if one of them removed it. */
function allowedOf(...[old, mine, theirs]: [string[], string[], string[]]): ReturnType<typeof tallyOf> {
  const [before, here, there] = [tallyOf(old), tallyOf(mine), tallyOf(theirs)];
  const most = [...new Set([...mine, ...theirs])].map((token): [string, number] => {
    const [mineOf, theirsOf] = [here.get(token) ?? 0, there.get(token) ?? 0];
    return [token, before.has(token) && (mineOf === 0 || theirsOf === 0) ? 0 : Math.max(mineOf, theirsOf)];
  });
  return new Map(most);
}

/** An element as the side has it that changed it; undefined if both did, differently. */
function laterOf(token: string, versions: ReadonlyArray<ReadonlyMap<string, unknown>>): Part {
  const [base, mine, theirs] = versions.map((version): Part => {
    return version.has(token) ? { value: version.get(token) } : undefined;
  });
  if (mine === undefined || theirs === undefined) return mine ?? theirs;
  if (sameValue(mine.value, theirs.value) || (base && sameValue(base.value, theirs.value))) return mine;
  return base && sameValue(base.value, mine.value) ? theirs : undefined;
}
