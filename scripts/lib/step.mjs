// Named steps. A step that takes long shows what it is doing and for how long; one that is over at
// once leaves a single line.

import { run } from "./child.mjs";
import { Stop } from "./stop.mjs";

const screenRefreshMs = 200;
const logFirstMs = 2_000;
const logRefreshMs = 20_000;
const headLines = 30;
const tailLines = 60;

/** Runs `work(note)`; what is passed to `note` is shown beside the name while it lasts. */
export async function step(name, work) {
  const progress = showProgress(name);
  try {
    const result = await work(progress.note);
    progress.end("ok");
    return result;
  } catch (error) {
    progress.end("FAILED");
    throw error;
  }
}

/** A step that is one command; its failure shows the end of what it printed. */
export function commandStep(name, command, args, options = {}) {
  return step(name, async (note) => {
    const ended = await run(command, args, { ...options, onLine: (line) => note(gist(line)) });
    if (ended.code !== 0) {
      throw new Stop(`${name}: ${command} ${ended.why}`, { tail: excerpt(ended.lines) });
    }
    return ended;
  });
}

export function seconds(sinceMs) {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}

function showProgress(name) {
  const startedMs = performance.now();
  const screen = process.stdout.isTTY;
  let gistNow = "";
  const line = () => `  .. ${name}  ${seconds(startedMs)}  ${gistNow}`.trimEnd();
  const refresh = () => {
    if (screen) process.stdout.write(`\r\x1b[2K${line().slice(0, (process.stdout.columns || 80) - 1)}`);
    else console.log(line());
    timer = setTimeout(refresh, screen ? screenRefreshMs : logRefreshMs);
  };
  let timer = setTimeout(refresh, screen ? screenRefreshMs : logFirstMs);
  return {
    note: (text) => {
      if (text) gistNow = text;
    },
    end: (verdict) => {
      clearTimeout(timer);
      if (screen) process.stdout.write("\r\x1b[2K");
      console.log(`  ${verdict} ${name}  ${seconds(startedMs)}`);
    },
  };
}

/** The cause tends to stand at the beginning or at the end of what a tool printed. */
function excerpt(lines) {
  if (lines.length <= headLines + tailLines) return lines;
  return [...lines.slice(0, headLines), "...", ...lines.slice(-tailLines)];
}

/** Of a tool's chatter, the part worth a place on the progress line. */
function gist(line) {
  return line.trim().slice(0, 100);
}
