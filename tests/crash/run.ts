// The crash proof (`npm run crash -- --kills N [--seed S]`): tabs keep enqueueing while everything is killed, and in the end the promises they were given
// are held against the server's ledger. With `--planted` the pages' commits do nothing, which the proof must notice.
import { parseArgs } from "node:util";
import { continueAll } from "../mesh/renderer.js";
import { Faults } from "./faults.js";
import { plan, type Step } from "./plan.js";
import { Random } from "./random.js";
import type { Entry } from "./reconciliation.js";
import { report } from "./report.js";
import { Stage } from "./stage.js";

const KILLS = 30;
/** How long the work that is left may stand still. */
const STANDSTILL_MS = 60_000;
const LOOK_EVERY_MS = 100;
const HAPPENINGS_SHOWN = 20;

interface Options {
  readonly kills: number;
  readonly seed: number;
  readonly isPlanted: boolean;
}

function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: { kills: { type: "string" }, seed: { type: "string" }, planted: { type: "boolean" } },
  });
  const number = (name: "kills" | "seed", otherwise: number) => {
    const value = Number(values[name] ?? otherwise);
    if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1`);
    return value;
  };
  return {
    kills: number("kills", KILLS),
    seed: number("seed", 1 + Math.floor(Math.random() * 1e9)),
    isPlanted: values.planted === true,
  };
}

/** Resolves to the exit code. */
export async function run(args: string[]): Promise<number> {
  const { kills, seed, isPlanted } = readOptions(args);
  console.log(`seed ${seed}, ${kills} kills`);
  const startedMs = performance.now();
  const steps = plan(kills, new Random(seed));
  const stage = await Stage.open({ isPlanted });
  const { register } = stage;
  try {
    await stage.openTabs();
    await killAll(stage, steps);
    const ledger = await seenThrough(stage);
    const seconds = (performance.now() - startedMs) / 1000;
    return report({ seed, steps, register, ledger, seconds }) === 0 ? 0 : 1;
  } catch (error) {
    for (const { text } of register.happenings.slice(-HAPPENINGS_SHOWN)) console.log(`    ${text}`);
    for (const { number } of stage.tabs) console.log(`    ${register.describe(number)}`);
    throw error;
  } finally {
    continueAll();
    await stage.close();
  }
}

async function killAll(stage: Stage, steps: readonly Step[]): Promise<void> {
  const faults = new Faults(stage);
  for (const [at, step] of steps.entries()) {
    const { kill, trouble = "nothing else" } = step;
    console.log(`${at + 1}/${steps.length} ${kill}; ${trouble}; ${stage.register.acknowledged} acknowledged`);
    await faults.carryOut(step);
  }
}

/** Leaves one tab on the profile, waits until it has nothing to do, and reads what took effect. */
async function seenThrough(stage: Stage): Promise<Entry[]> {
  await stage.chromium.kill();
  await stage.chromium.start();
  const tab = await stage.openQuietTab();
  let [entries, sinceMs] = [0, performance.now()];
  for (;;) {
    const isIdle = await tab.isIdle();
    const ledger = await stage.ledger.entries();
    if (isIdle) return ledger;
    if (ledger.length > entries) [entries, sinceMs] = [ledger.length, performance.now()];
    // What is missing now will be counted as lost.
    if (performance.now() - sinceMs > STANDSTILL_MS) return ledger;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
