// npm run size: what each entry of the package costs to download, against the limits in .size-limit.mjs.

import { goals } from "../.size-limit.mjs";
import { build } from "./build.mjs";
import { report } from "./lib/checklist.mjs";
import { run } from "./lib/child.mjs";
import { root } from "./lib/place.mjs";
import { runScript, Stop } from "./lib/stop.mjs";
import { prepare } from "./prepare.mjs";

async function measure() {
  const { lines, why } = await run("size-limit", ["--json"], { cwd: root });
  const text = lines.join("\n");
  const rows = parsed(text);
  if (!Array.isArray(rows))
    throw new Stop(`size-limit measured nothing (${why})`, { tail: lines.slice(-40) });
  return rows;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function row(name, size, limit, verdict) {
  return `  ${name.padEnd(46)} ${size.padStart(10)} ${limit.padStart(10)}  ${verdict}`;
}

/** By how much a goal is missed that lies below the limit. */
function missed(name, size) {
  const goal = goals[name] * 1000;
  return size > goal ? `over its goal of ${kilobytes(goal)} by ${kilobytes(size - goal)}` : "";
}

function kilobytes(bytes) {
  return bytes === undefined ? "-" : `${(bytes / 1000).toFixed(1)} kB`;
}

await runScript(import.meta.url, async () => {
  await prepare();
  await build({ demo: false });
  const rows = await measure();
  console.log(row("gzip", "size", "limit", ""));
  for (const { name, size, sizeLimit, passed } of rows) {
    console.log(row(name, kilobytes(size), kilobytes(sizeLimit), passed ? missed(name, size) : "OVER"));
  }
  const passed = rows.filter((entry) => entry.passed).length;
  return report(passed, rows.length - passed);
});
