// What the pages were promised, held against what took effect.

/** An operation as both sides know it. */
export interface Entry {
  readonly tab: number;
  readonly number: number;
  readonly scope: string;
}

export interface Findings<Operation extends Entry> {
  /** Acknowledged, and without effect. */
  readonly lost: Operation[];
  /** Each effect after the first one of an operation, acknowledged or not. */
  readonly doubled: Entry[];
  /** Effects that came after that of a later operation of the same tab and scope. */
  readonly outOfOrder: Entry[];
}

/** `ledger` is everything that took effect, oldest first. */
export function reconcile<Operation extends Entry>(
  acknowledged: readonly Operation[],
  ledger: readonly Entry[],
): Findings<Operation> {
  const seen = new Set<string>();
  const latest = new Map<string, number>();
  const doubled: Entry[] = [];
  const outOfOrder: Entry[] = [];
  for (const entry of ledger) {
    const line = `${entry.tab} ${entry.scope}`;
    if (seen.has(keyOf(entry))) doubled.push(entry);
    else if (entry.number < (latest.get(line) ?? 0)) outOfOrder.push(entry);
    seen.add(keyOf(entry));
    latest.set(line, Math.max(entry.number, latest.get(line) ?? 0));
  }
  return { lost: acknowledged.filter((operation) => !seen.has(keyOf(operation))), doubled, outOfOrder };
}

function keyOf({ tab, number }: Entry): string {
  return `${tab} ${number}`;
}
