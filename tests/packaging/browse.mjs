// Serves a built app and uses it in the real browser, over the embedded backend with the app's functions.

import { spawn } from "node:child_process";
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "@playwright/test";
import { root } from "../../scripts/lib/place.mjs";
import { executablePath, flags } from "../support/chromium.mjs";

const types = {
  ".html": "text/html",
  ".css": "text/css",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

/** What the README says a strict policy needs. */
const policy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ws://127.0.0.1:*; img-src data:";

/** Starts the backend; resolves to its address and how to end it. */
export async function startBackend(folder) {
  const functions = join(root, "tests/js/adoption/convex");
  const main = join(root, "www/backend/main.mjs");
  const args = [
    main,
    "--port",
    "0",
    "--empty",
    "--data",
    join(folder, "data.json"),
    "--functions",
    functions,
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /^ready (http:\S+)$/.exec(line)?.[1];
    if (address !== undefined) return { address, end: () => child.kill("SIGKILL") };
  }
  throw new Error("the backend ended before it was ready");
}

function serve(folder) {
  const server = createServer(({ url }, response) => {
    const file = join(folder, url === "/" ? "index.html" : url);
    if (!existsSync(file)) return void response.writeHead(404).end();
    const headers = {
      "Content-Type": types[extname(file)] ?? "text/plain",
      "Content-Security-Policy": policy,
    };
    createReadStream(file).pipe(response.writeHead(200, headers));
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/** Adds a task by a click, waits until the server has confirmed it, and returns what went wrong. */
export function addTask(folder) {
  return visit(folder, async (page) => {
    const before = await page.locator("li").count();
    await page.getByRole("button", { name: "Add" }).click();
    const confirmed = page.locator('li[aria-busy="false"]', { hasText: "Something new" });
    await confirmed.nth(before - 1).waitFor();
  });
}

/** Decides a conflict and saves the result, and returns what went wrong, also if it has no styles. */
export function showConflict(folder) {
  return visit(folder, async (page, said) => {
    await page.getByRole("button", { name: "Mine for all" }).click();
    await page.getByRole("button", { name: "Save the result" }).click();
    await page.getByRole("button", { name: "Saved." }).waitFor();
    const look = (region) => getComputedStyle(region).display;
    if ((await page.getByRole("region").evaluate(look)) !== "grid") said.push("there are no styles");
  });
}

async function visit(folder, act) {
  const server = await serve(folder);
  const browser = await chromium.launch({ executablePath, args: flags });
  try {
    const page = await browser.newPage();
    const said = [];
    const isObjection = (message) => ["warning", "error"].includes(message.type());
    page.on("console", (message) => isObjection(message) && said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await act(page, said);
    return said;
  } finally {
    await browser.close();
    server.close();
  }
}
