/** Two ways to one end, timed side by side. */
export interface Row {
  /** What Tabweave does. */
  readonly name: string;
  /** What it is held against. */
  readonly against: string;
  /** What was promised, if anything was. */
  readonly goal?: Goal;
  readonly rounds: number;
  /** Rounds before those, which do not count. By default ten. */
  readonly warmUps?: number;
  prepare(): Promise<Contest>;
}

/** The most that ours may take: so many times as long as theirs, or so many milliseconds. */
export type Goal = { readonly ratio: number } | { readonly ms: number };

export interface Contest {
  ours(round: number): Promise<Timed>;
  theirs(round: number): Promise<Timed>;
  /** Gives back what later rows do without. */
  end?(): Promise<unknown>;
}

/** One round's time, and what has to come to an end before the next round begins. */
export interface Timed {
  readonly tookMs: number;
  readonly afterwards?: Promise<unknown>;
}

export interface RowResult extends Pick<Row, "name" | "against" | "goal" | "rounds"> {
  readonly oursMs: number;
  readonly theirsMs: number;
}

/** Takes turns, and takes turns at going first, so that a slow moment of the machine hits both alike. */
export async function runRow(row: Row): Promise<RowResult> {
  const contest = await row.prepare();
  const { name, against, goal, rounds, warmUps = 10 } = row;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < warmUps + rounds; round += 1) {
    const sides = [() => once(contest.ours(round), ours), () => once(contest.theirs(round), theirs)];
    if (round % 2 === 1) sides.reverse();
    for (const side of sides) await side();
  }
  await contest.end?.();
  const [oursMs, theirsMs] = [median(ours.slice(warmUps)), median(theirs.slice(warmUps))];
  return { name, against, ...(goal && { goal }), rounds, oursMs, theirsMs };
}

async function once(run: Promise<Timed>, times: number[]): Promise<void> {
  const { tookMs, afterwards } = await run;
  times.push(tookMs);
  await afterwards;
}

function median(times: number[]): number {
  const sorted = times.sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
