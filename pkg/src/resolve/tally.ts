/** How often each token is there. */
type Tally = Map<string, number>;

export function tallyOf(tokens: readonly string[]): Tally {
  const tally: Tally = new Map();
  for (const token of tokens) tally.set(token, (tally.get(token) ?? 0) + 1);
  return tally;
}

/** Takes one away; false if there was none left. */
export function takeOne(tally: Tally, token: string): boolean {
  const left = tally.get(token) ?? 0;
  if (left > 0) tally.set(token, left - 1);
  return left > 0;
}
