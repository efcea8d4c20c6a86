// node scripts/wasm.mjs: the tests of the browser adapters, by wasm-pack in headless Chromium.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./lib/child.mjs";
import { root, scratch } from "./lib/place.mjs";
import { startRelay } from "./lib/relay.mjs";
import { runScript } from "./lib/stop.mjs";

const command = ["test", "--headless", "--chrome", "--mode", "no-install"];

/** The browser's capabilities, with the relay between it and the server of the tests. */
async function relayed(address) {
  const capabilities = JSON.parse(await readFile(process.env.WASM_BINDGEN_TEST_WEBDRIVER_JSON, "utf8"));
  capabilities["goog:chromeOptions"].args.push(
    `--proxy-server=${address}`,
    // Chromium asks no proxy for servers of its own machine unless it is told to.
    "--proxy-bypass-list=<-loopback>",
  );
  const path = join(scratch, "webdriver-relayed.json");
  await writeFile(path, JSON.stringify(capabilities));
  return path;
}

await runScript(import.meta.url, async () => {
  const relay = await startRelay();
  try {
    const env = { WASM_BINDGEN_TEST_WEBDRIVER_JSON: await relayed(relay.address) };
    const driver = ["--chromedriver", process.env.CHROMEDRIVER];
    const { code } = await run("wasm-pack", [...command, ...driver, ".", "--test", "web"], {
      cwd: root,
      env,
      onLine: (line) => console.log(line),
    });
    return code;
  } finally {
    relay.stop();
  }
});
