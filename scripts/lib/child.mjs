// Child processes. Each is the head of its own process group, so that ending it also ends the
// browsers and servers it started, and none outlives the script.

import { spawn } from "node:child_process";

const graceMs = 5_000;
const living = new Set();
let interruptCode = 130;
let interrupted = false;

/** Starts a command; `ended` resolves (never rejects) with its code, its output lines and why it ended. */
export function launch(command, args, { cwd, env, onLine, timeoutMs } = {}) {
  const lines = [];
  let why = "";
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const take = (line) => {
    lines.push(line);
    onLine?.(line);
  };
  readLines(child.stdout, take);
  readLines(child.stderr, take);

  const entry = { stop: (reason = "stopped") => stop(child, () => (why ||= reason)) };
  living.add(entry);
  const alarm = timeoutMs
    ? setTimeout(() => entry.stop(`took longer than ${Math.round(timeoutMs / 1000)} s`), timeoutMs)
    : undefined;

  entry.ended = new Promise((resolve) => {
    const finish = (code, reason) => {
      clearTimeout(alarm);
      living.delete(entry);
      resolve({ code, lines, why: why || reason });
    };
    child.once("error", (error) =>
      finish(127, error.code === "ENOENT" ? `${command} was not found` : error.message),
    );
    child.once("close", (code, signal) =>
      finish(code ?? 1, signal ? `ended by ${signal}` : `ended with code ${code}`),
    );
  });
  return entry;
}

/** Runs a command to its end. */
export function run(command, args, options) {
  return launch(command, args, options).ended;
}

/** The first line a command prints, or undefined if it cannot be run or fails. */
export async function firstLine(command, args, options) {
  const { code, lines } = await run(command, args, options);
  return code === 0 ? (lines[0] ?? "") : undefined;
}

/** Ends every child that still runs and waits for it. */
export async function endAll() {
  const entries = [...living];
  for (const entry of entries) entry.stop();
  await Promise.all(entries.map((entry) => entry.ended));
}

/** A server that is meant to be ended by Ctrl-C did not fail when it was. */
export function interruptMeansSuccess() {
  interruptCode = 0;
}

/** Whether the person asked for the end: what the children then say about theirs is no news. */
export function wasInterrupted() {
  return interrupted;
}

function readLines(stream, take) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text) => {
    const parts = (rest + text).split(/\r?\n|\r/);
    rest = parts.pop();
    parts.forEach(take);
  });
  stream.on("end", () => rest && take(rest));
}

function stop(child, note) {
  note();
  signalGroup(child, "SIGTERM");
  setTimeout(() => signalGroup(child, "SIGKILL"), graceMs).unref();
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, async () => {
    interrupted = true;
    await endAll();
    process.exit(interruptCode);
  });
}
