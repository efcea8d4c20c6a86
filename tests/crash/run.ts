// The crash proof (`npm run crash -- --kills N [--seed S]`): tabs keep enqueueing while everything is killed, and in
// the end the promises they were given are held against the server's ledger. With `--planted` the pages' commits do
// nothing, which the proof must notice.
import { parseArgs } from "node:util";
import { continueAll } from "../mesh/renderer.js";
import { Faults } from "./faults.js";
import { plan, type Step } from "./plan.js";
import { Random } from "./random.js";
import { judge, report } from "./report.js";
import { Stage } from "./stage.js";

const KILLS = 30;
const ROUND_KILLS = 20;
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
    const done = await killAll(stage, steps);
    const ledger = await stage.ledger.entries();
    const seconds = (performance.now() - startedMs) / 1000;
    return report({ seed, steps: done, register, ledger, seconds }) === 0 ? 0 : 1;
  } catch (error) {
    for (const { text } of register.happenings.slice(-HAPPENINGS_SHOWN)) console.log(`    ${text}`);
    for (const tab of stage.tabs) {
      console.log(`    ${register.describe(tab.number)}`);
      for (const line of await tab.unfinished().catch((error: unknown) => [String(error)]))
        console.log(`        ${line}`);
    }
    throw error;
  } finally {
    continueAll();
    await stage.close();
  }
}

/**
 * Every so many kills everything is seen through, so that a loss is found near to what was done around it: that is
 * the end. Resolves with the steps that were carried out.
 */
async function killAll(stage: Stage, steps: readonly Step[]): Promise<readonly Step[]> {
  const faults = new Faults(stage);
  for (let from = 0; from < steps.length; from += ROUND_KILLS) {
    if (from > 0) await stage.ledger.empty();
    await stage.openTabs();
    const round = steps.slice(from, from + ROUND_KILLS);
    for (const [at, step] of round.entries()) {
      console.log(`${from + at + 1}/${steps.length} ${step.kill}; ${step.trouble ?? "nothing else"}`);
      await faults.carryOut(step);
    }
    await seeThrough(stage);
    const { acknowledged, failed } = judge(stage.register, await stage.ledger.entries());
    console.log(`seen through: ${acknowledged} acknowledged so far, ${failed} went wrong`);
    if (failed > 0) return steps.slice(0, from + round.length);
  }
  return steps;
}

/** Leaves one tab on the profile, waits until it has nothing to do, and closes it too. */
async function seeThrough(stage: Stage): Promise<void> {
  await stage.restartBrowser();
  const tab = await stage.openQuietTab();
  let [entries, sinceMs] = [0, performance.now()];
  while (!(await tab.isIdle())) {
    const { length } = await stage.ledger.entries();
    if (length > entries) [entries, sinceMs] = [length, performance.now()];
    if (performance.now() - sinceMs > STANDSTILL_MS) {
      throw new Error(
        `nothing was done for ${STANDSTILL_MS / 1000} s, and this is left:\n${(await tab.unfinished()).join("\n")}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  await stage.restartBrowser();
}
