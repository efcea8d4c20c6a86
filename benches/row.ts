/** Two ways to one end, timed side by side. */
export interface Row {
  /** What Tabweave does. */
  readonly name: string;
  /** What it is held against. */
  readonly against: string;
  readonly rounds: number;
  prepare(): Promise<Contest>;
}

export interface Contest {
  ours(round: number): Promise<Timed>;
  theirs(round: number): Promise<Timed>;
}

/** One round's time, and what has to come to an end before the next round begins. */
export interface Timed {
  readonly tookMs: number;
  readonly afterwards?: Promise<unknown>;
}

export interface RowResult {
  readonly name: string;
  readonly against: string;
  readonly rounds: number;
  readonly oursMs: number;
  readonly theirsMs: number;
}

const WARM_UP_ROUNDS = 10;

/** Takes turns, and takes turns at going first, so that a slow moment of the machine hits both alike. */
export async function runRow(row: Row): Promise<RowResult> {
  const contest = await row.prepare();
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + row.rounds; round += 1) {
    const sides = [() => once(contest.ours(round), ours), () => once(contest.theirs(round), theirs)];
    if (round % 2 === 1) sides.reverse();
    for (const side of sides) await side();
  }
  const { name, against, rounds } = row;
  return { name, against, rounds, oursMs: median(ours), theirsMs: median(theirs) };
}

async function once(run: Promise<Timed>, times: number[]): Promise<void> {
  const { tookMs, afterwards } = await run;
  times.push(tookMs);
  await afterwards;
}

function median(times: number[]): number {
  const sorted = times.slice(WARM_UP_ROUNDS).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
