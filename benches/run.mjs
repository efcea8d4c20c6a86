// Times Tabweave against what one would write by hand or install: tabs of a headless browser, one table of ratios.
// Nothing is asserted, for a busy machine is no failure. `--only TEXT` runs the rows whose names contain it.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { build } from "esbuild";
import { executablePath, flags } from "../tests/support/chromium.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/** How long the server takes to answer a call, which is about what one in the same country takes. */
const ANSWER_MS = 25;

/** Serves the tabs, and answers their calls. The headers make the browser's clock as fine as it can be. */
async function serve(folder) {
  const headers = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  };
  const server = createServer(async (request, response) => {
    const name = new URL(request.url, "http://benches").pathname.slice(1);
    if (name === "answer") {
      const [number] = await Promise.all([text(request), setTimeout(ANSWER_MS)]);
      response.writeHead(200, headers);
      response.end(number);
      return;
    }
    if (name.endsWith(".js")) {
      response.writeHead(200, { ...headers, "Content-Type": "text/javascript" });
      response.end(await readFile(join(folder, name)));
      return;
    }
    response.writeHead(200, { ...headers, "Content-Type": "text/html" });
    response.end(`<!doctype html><title>${name}</title><script type="module" src="/${name}.js"></script>`);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { server, address: `http://127.0.0.1:${server.address().port}` };
}

async function timeInBrowser(address, profile, only) {
  // A profile on disk, because a fresh context has another IndexedDB than people do.
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: flags });
  try {
    const first = await context.newPage();
    const second = await context.newPage();
    for (const page of [first, second]) page.on("pageerror", (error) => console.error(error));
    await first.exposeFunction("visit", (...args) => visit(context, address, args));
    await second.goto(`${address}/second-tab`);
    await first.goto(`${address}/first-tab`);
    await second.evaluate(() => window.ready);
    return await first.evaluate((text) => window.runBenches(text), only);
  } finally {
    await context.close();
  }
}

/** What a page of its own tells of its start. */
async function visit(context, address, args) {
  const page = await context.newPage();
  await page.goto(`${address}/start-up`);
  const told = await page.evaluate((given) => window.startUp(...given), args);
  await page.close();
  return told;
}

function printTable(results) {
  const cells = results.map(({ name, against, goal, rounds, oursMs, theirsMs }) => [
    name,
    against,
    timeText(oursMs),
    timeText(theirsMs),
    (oursMs / theirsMs).toFixed(2),
    goal === undefined ? "" : goalText(goal, oursMs, oursMs / theirsMs),
    String(rounds),
  ]);
  const table = [["Tabweave", "against", "ours", "theirs", "ratio", "goal", "rounds"], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table) {
    const padded = row.map((text, column) =>
      column < 2 ? text.padEnd(widths[column]) : text.padStart(widths[column]),
    );
    console.log(padded.join("  "));
  }
}

/** A merge takes millionths of a second. */
function timeText(ms) {
  return ms < 0.1 ? `${(ms * 1000).toFixed(1)} µs` : `${ms.toFixed(2)} ms`;
}

function goalText({ ms, ratio }, oursMs, oursRatio) {
  const [most, got, unit] = ms === undefined ? [ratio.toFixed(2), oursRatio, ""] : [ms, oursMs, " ms"];
  return `${got > most ? "missed " : ""}≤ ${most}${unit}`;
}

const { only } = parseArgs({ options: { only: { type: "string", default: "" } } }).values;
const work = await mkdtemp(join(tmpdir(), "tabweave-benches-"));
try {
  await build({
    entryPoints: ["first-tab.ts", "second-tab.ts", "start-up.ts"].map((name) => join(here, name)),
    outdir: join(work, "pages"),
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "error",
  });
  const { server, address } = await serve(join(work, "pages"));
  const results = await timeInBrowser(address, join(work, "profile"), only);
  server.closeAllConnections();
  server.close();
  console.log("Medians of interleaved rounds in headless Chromium; a ratio below 1 means ours is faster.\n");
  printTable(results);
} finally {
  await rm(work, { recursive: true, force: true });
}
