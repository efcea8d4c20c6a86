import { diffArrays } from "diff";

/** A stretch of one sequence that another one has differently. */
interface Hunk {
  /** Where it begins in the older sequence, and where it ends. */
  readonly from: number;
  readonly to: number;
  /** Where what is there instead begins in the newer one, and where it ends. */
  readonly newFrom: number;
  readonly newTo: number;
}

/** More differences than these are not looked for: the sequences then have nothing to do with each other. */
const DIFFERENCES_MAX = 1_000;

/** Where two sequences of tokens differ, in order. */
export function hunksOf(before: readonly string[], after: readonly string[]): Hunk[] {
  const changes = diffArrays([...before], [...after], { maxEditLength: DIFFERENCES_MAX });
  if (changes === undefined) return [{ from: 0, to: before.length, newFrom: 0, newTo: after.length }];
  const hunks: Hunk[] = [];
  let [from, newFrom] = [0, 0];
  let [to, newTo] = [0, 0];
  const close = () => {
    if (to > from || newTo > newFrom) hunks.push({ from, to, newFrom, newTo });
  };
  for (const { count, added, removed } of changes) {
    if (removed) to += count;
    else if (added) newTo += count;
    else {
      close();
      from = to += count;
      newFrom = newTo += count;
    }
  }
  close();
  return hunks;
}

/** A stretch of three sequences: the places in each. */
type Stretch = readonly [from: number, to: number];

/** A stretch that both newer sequences have as the older one, or that one of them, or both, have differently. */
interface Region {
  readonly base: Stretch;
  readonly local: Stretch;
  readonly server: Stretch;
  readonly changed: "nobody" | "local" | "server" | "both";
}

/** The stretches of three sequences one after another. Changes that touch each other are one. */
export function regionsOf(
  base: readonly string[],
  local: readonly string[],
  server: readonly string[],
): Region[] {
  const hunks = { local: hunksOf(base, local), server: hunksOf(base, server) };
  const regions: Region[] = [];
  let at = 0;
  const ahead = { local: 0, server: 0 };
  const add = (to: number, changed: Region["changed"], grown = { local: 0, server: 0 }) => {
    const stretch = (side: "local" | "server"): Stretch => {
      const from = at + ahead[side];
      ahead[side] += grown[side];
      return [from, to + ahead[side]];
    };
    regions.push({ base: [at, to], local: stretch("local"), server: stretch("server"), changed });
    at = to;
  };
  for (;;) {
    const first = Math.min(hunks.local[0]?.from ?? Infinity, hunks.server[0]?.from ?? Infinity);
    const start = Math.min(first, base.length);
    if (start > at) add(start, "nobody");
    if (first === Infinity) return regions;
    let end = first;
    const grown = { local: 0, server: 0 };
    const changed = { local: false, server: false };
    const take = (side: "local" | "server") => {
      const [hunk] = hunks[side];
      if (hunk === undefined || hunk.from > end) return false;
      hunks[side].shift();
      end = Math.max(end, hunk.to);
      grown[side] += hunk.newTo - hunk.newFrom - (hunk.to - hunk.from);
      changed[side] = true;
      return true;
    };
    while (take("local") || take("server"));
    add(end, changed.local && changed.server ? "both" : changed.local ? "local" : "server", grown);
  }
}
