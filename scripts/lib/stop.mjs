// How a script ends: with its work done, or with one line that says what to do.

import { pathToFileURL } from "node:url";
import { endAll, wasInterrupted } from "./child.mjs";

/** Something the person at the terminal can mend. The message is one line; `tail` is shown above it. */
export class Stop extends Error {
  constructor(message, { tail = [] } = {}) {
    super(message);
    this.name = "Stop";
    this.tail = tail;
  }
}

/** Runs `main` if `moduleUrl` is the script that was started, and turns its failure into an exit code. */
export async function runScript(moduleUrl, main) {
  if (moduleUrl !== pathToFileURL(process.argv[1] ?? "").href) return;
  try {
    process.exitCode = (await main(process.argv.slice(2))) ?? 0;
  } catch (error) {
    process.exitCode = 1;
    if (wasInterrupted()) return;
    if (error instanceof Stop) {
      for (const line of error.tail) console.error(`    ${line}`);
      console.error(`error: ${error.message}`);
    } else {
      console.error(error);
    }
  } finally {
    await endAll();
  }
}
