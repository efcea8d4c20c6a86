// A row of checks that are all made, whichever fail, and counted on the last line.

import { run } from "./child.mjs";
import { step } from "./step.mjs";
import { Stop } from "./stop.mjs";

const tailLines = 120;

/** Each check is `{ name, command, args, env, cwd }`. Resolves to the exit code. */
export async function makeChecks(checks) {
  let failed = 0;
  for (const check of checks) {
    try {
      await step(check.name, (note) => make(check, note));
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      failed += 1;
      for (const line of error.tail) console.log(`    ${line}`);
      console.log(`    ${error.message}`);
    }
  }
  return report(checks.length - failed, failed);
}

export function report(passed, failed) {
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

async function make({ name, command, args, env, cwd }, note) {
  const ended = await run(command, args, { env, cwd, onLine: (line) => note(line.trim().slice(0, 100)) });
  if (ended.code !== 0) {
    throw new Stop(`${name}: ${command} ${ended.why}`, { tail: ended.lines.slice(-tailLines) });
  }
}
