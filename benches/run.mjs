// Times Tabweave against what one would write by hand: two tabs of a headless browser, one table of ratios.
// Nothing is asserted, for a busy machine is no failure.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { build } from "esbuild";
import { executablePath, flags } from "../tests/support/chromium.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Serves the two tabs. The headers make the browser's clock as fine as it can be. */
async function serve(folder) {
  const headers = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  };
  const server = createServer(async (request, response) => {
    const name = new URL(request.url, "http://benches").pathname.slice(1);
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

async function timeInBrowser(address, profile) {
  // A profile on disk, because a fresh context has another IndexedDB than people do.
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: flags });
  try {
    const first = await context.newPage();
    const second = await context.newPage();
    for (const page of [first, second]) page.on("pageerror", (error) => console.error(error));
    await second.goto(`${address}/second-tab`);
    await first.goto(`${address}/first-tab`);
    await second.evaluate(() => window.ready);
    return await first.evaluate(() => window.runBenches());
  } finally {
    await context.close();
  }
}

function printTable(results) {
  const cells = results.map(({ name, against, rounds, oursMs, theirsMs }) => [
    name,
    against,
    `${oursMs.toFixed(2)} ms`,
    `${theirsMs.toFixed(2)} ms`,
    `${(oursMs / theirsMs).toFixed(2)}`,
    String(rounds),
  ]);
  const table = [["Tabweave", "against", "ours", "theirs", "ratio", "rounds"], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table) {
    const padded = row.map((text, column) =>
      column < 2 ? text.padEnd(widths[column]) : text.padStart(widths[column]),
    );
    console.log(padded.join("  "));
  }
}

const work = await mkdtemp(join(tmpdir(), "tabweave-benches-"));
try {
  await build({
    entryPoints: ["first-tab.ts", "second-tab.ts"].map((name) => join(here, name)),
    outdir: join(work, "pages"),
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "error",
  });
  const { server, address } = await serve(join(work, "pages"));
  const results = await timeInBrowser(address, join(work, "profile"));
  server.closeAllConnections();
  server.close();
  console.log("Medians of interleaved rounds in headless Chromium; a ratio below 1 means ours is faster.\n");
  printTable(results);
} finally {
  await rm(work, { recursive: true, force: true });
}
