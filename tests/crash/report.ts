// What a run comes to, as a table and, of whatever went wrong, with what was done around it.
import type { Step } from "./plan.js";
import { type Entry, type Findings, reconcile } from "./reconciliation.js";
import { nameOf, type Operation, type Register } from "./register.js";

/** How much around an operation is shown. */
const AROUND_MS = 2_000;
const SHOWN_MAX = 10;

export interface Course {
  readonly seed: number;
  /** What was carried out. */
  readonly steps: readonly Step[];
  readonly register: Register;
  readonly ledger: readonly Entry[];
  readonly seconds: number;
}

/** What a run has come to so far. */
export interface Verdict {
  readonly acknowledged: number;
  readonly findings: Findings<Operation>;
  /** How much went wrong. */
  readonly failed: number;
}

export function judge(register: Register, ledger: readonly Entry[]): Verdict {
  const acknowledged = register.operations.filter(({ isAcknowledged }) => isAcknowledged);
  const findings = reconcile(acknowledged, ledger);
  const { lost, doubled, outOfOrder } = findings;
  const failed = lost.length + doubled.length + outOfOrder.length + register.failures.length;
  return { acknowledged: acknowledged.length, findings, failed };
}

/** Prints everything and returns how much went wrong. */
export function report({ register, ledger, steps, seconds, seed }: Course): number {
  const { acknowledged, findings, failed } = judge(register, ledger);
  printCounts("killed", counted(steps.map(({ kill }) => kill)));
  printCounts("done besides", counted(steps.flatMap(({ trouble }) => trouble ?? [])));
  printCounts("operations", [
    ["accepted", register.operations.length],
    ["acknowledged", acknowledged],
    ["in the ledger", ledger.length],
    ["lost", findings.lost.length],
    ["doubled", findings.doubled.length],
    ["out of order", findings.outOfOrder.length],
    ["refused or failed", register.failures.length],
  ]);
  explain(register, findings);
  console.log(`seed ${seed}, ${seconds.toFixed(1)} s: the same faults in the same order, at other moments`);
  console.log(`${failed === 0 ? steps.length : 0} passed, ${failed} failed`);
  return failed;
}

function counted(kinds: readonly string[]): Array<[string, number]> {
  const names = [...new Set(kinds)].sort();
  return names.map((name) => [name, kinds.filter((kind) => kind === name).length]);
}

function printCounts(title: string, rows: ReadonlyArray<readonly [string, number]>): void {
  console.log(title);
  for (const [name, count] of rows) console.log(`  ${name.padEnd(36)}${String(count).padStart(6)}`);
}

function explain(register: Register, { lost, doubled, outOfOrder }: Findings<Operation>): void {
  const accepted = new Map(register.operations.map((it) => [nameOf(it.tab, it.number), it]));
  const show = (what: string, entries: readonly Entry[]) => {
    for (const entry of entries.slice(0, SHOWN_MAX)) {
      const name = nameOf(entry.tab, entry.number);
      const known = accepted.get(name);
      console.log(`${what}: ${name}, scope ${entry.scope}, ${known?.durability} when it was called`);
      for (const line of around(register, known?.atMs)) console.log(`    ${line}`);
    }
  };
  show("lost", lost);
  show("doubled", doubled);
  show("out of order", outOfOrder);
  for (const failure of register.failures.slice(0, SHOWN_MAX)) console.log(failure);
}

/** What was done shortly before and after the operation was accepted. */
function around(register: Register, atMs: number | undefined): string[] {
  if (atMs === undefined) return ["its page did not live to tell of it"];
  return register.happenings
    .filter((it) => Math.abs(it.atMs - atMs) < AROUND_MS)
    .map((it) => `${((it.atMs - atMs) / 1000).toFixed(3).padStart(7)} s  ${it.text}`);
}
