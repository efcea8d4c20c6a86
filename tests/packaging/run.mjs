// Runs a program to its end; what it printed is the result, or the error.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

export async function run(command, args, cwd, env = process.env) {
  try {
    const { stdout, stderr } = await execute(command, args, { cwd, env, maxBuffer: 1 << 26 });
    return stdout + stderr;
  } catch (error) {
    const said = `${error.stdout ?? ""}${error.stderr ?? ""}`.trim();
    throw new Error(`${command} ${args.join(" ")} failed: ${said || error.message}`);
  }
}
