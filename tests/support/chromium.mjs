// The system's Chromium, as every test and benchmark starts it: none is downloaded. webdriver.json has the same flags.
import { existsSync } from "node:fs";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** CHROME names another one. */
export const executablePath = process.env.CHROME || places.find((path) => existsSync(path)) || places[0];

/** Root may have no sandbox; and nothing is fetched but what a test serves. */
export const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
