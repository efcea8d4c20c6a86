// The browser that tests run in and the driver that wasm-bindgen's test runner steers it with.

import { access, constants, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { commandStep } from "./step.mjs";
import { Stop } from "./stop.mjs";

const browserNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const driverNames = ["chromedriver"];

/** Environment for tests: CHROME and CHROMEDRIVER are full paths, and wasm-bindgen uses just these. */
export async function browserEnvironment(root, scratch, env = process.env) {
  const before = await look(env);
  if (before.CHROME && before.CHROMEDRIVER) return withCapabilities(root, scratch, before);
  if (await isDebianAsRoot()) {
    await installOnDebian();
    const after = await look(env);
    if (after.CHROME && after.CHROMEDRIVER) return withCapabilities(root, scratch, after);
  }
  const missing = [!before.CHROME && "Chromium", !before.CHROMEDRIVER && "ChromeDriver"].filter(Boolean);
  throw new Stop(
    `${missing.join(" and ")} not found: run \`${remedy()}\`, or set CHROME and CHROMEDRIVER to their paths`,
  );
}

/** The flags in webdriver.json, which wasm-pack reads when called by hand, with the browser's path added. */
async function withCapabilities(root, scratch, found) {
  const capabilities = JSON.parse(await readFile(join(root, "webdriver.json"), "utf8"));
  capabilities["goog:chromeOptions"].binary = found.CHROME;
  const path = join(scratch, "webdriver.json");
  await mkdir(scratch, { recursive: true });
  await writeFile(path, JSON.stringify(capabilities));
  return { ...found, WASM_BINDGEN_TEST_WEBDRIVER_JSON: path };
}

async function look(env) {
  return {
    CHROME: await named(env, "CHROME", browserNames),
    CHROMEDRIVER: await named(env, "CHROMEDRIVER", driverNames),
  };
}

async function named(env, variable, names) {
  const path = env[variable];
  if (path) {
    if (await isExecutable(path)) return path;
    throw new Stop(`${variable} is set to ${path}, which cannot be run: correct or unset it`);
  }
  for (const name of names) {
    for (const folder of (env.PATH ?? "").split(delimiter)) {
      if (folder && (await isExecutable(join(folder, name)))) return join(folder, name);
    }
  }
  return undefined;
}

function remedy() {
  if (process.platform === "darwin") return "brew install --cask google-chrome chromedriver";
  return "sudo apt-get install chromium chromium-driver";
}

async function isDebianAsRoot() {
  if (process.getuid?.() !== 0) return false;
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^ID=debian$/m.test(release);
}

async function installOnDebian() {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const patient = ["-o", "DPkg::Lock::Timeout=300"];
  await commandStep("apt-get update", "apt-get", [...patient, "update"], { env });
  const packages = ["--no-install-recommends", "chromium", "chromium-driver"];
  await commandStep("installing Chromium", "apt-get", [...patient, "install", "-y", ...packages], { env });
}

function isExecutable(path) {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
