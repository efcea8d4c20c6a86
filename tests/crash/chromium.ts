// A real browser on a profile that outlives it.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { executablePath, flags } from "../support/chromium.mjs";
import { within } from "./bound.js";

/** What has a renderer of its own, that would be taken for that of a tab. */
const WITH_RENDERERS = ["SpareRendererForSitePerProcess", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup"];

export class Chromium {
  #browser: Browser | undefined;
  #spare: Page | undefined;
  /** The processes of pages that were opened. */
  readonly #taken = new Set<number>();

  private constructor(private readonly profile: string) {}

  static async open(): Promise<Chromium> {
    const chromium = new Chromium(await mkdtemp(join(tmpdir(), "tabweave-crash-profile-")));
    await chromium.start();
    return chromium;
  }

  /** Starts the browser, on the profile as it was left. */
  async start(): Promise<void> {
    this.#browser = await puppeteer.launch({
      executablePath,
      userDataDir: this.profile,
      args: [...flags, `--disable-features=${WITH_RENDERERS.join()}`],
    });
    [this.#spare] = await this.#browser.pages();
    this.#taken.clear();
  }

  /** Opens a page, and tells the process that it alone has. */
  async newPage(address: string): Promise<{ page: Page; pid: number }> {
    // The browser starts with one.
    const page = this.#spare ?? (await this.#living.newPage());
    this.#spare = undefined;
    await within(`the page at ${address} to load`, page.goto(address));
    const pid = await within("the process of a new page", this.#newRenderer());
    this.#taken.add(pid);
    return { page, pid };
  }

  /** Kills the browser with everything it has started, and resolves when nothing of it runs. */
  async kill(): Promise<void> {
    // Puppeteer makes it the head of a group of its own.
    const group = this.#living.process()?.pid;
    if (group === undefined) throw new Error("the browser has no process");
    process.kill(-group, "SIGKILL");
    await within("the end of the killed browser", gone(group));
    this.#browser = undefined;
  }

  async close(): Promise<void> {
    if (this.#browser !== undefined) await this.kill();
    await rm(this.profile, { recursive: true, force: true });
  }

  get #living(): Browser {
    if (this.#browser === undefined) throw new Error("the browser does not run");
    return this.#browser;
  }

  async #newRenderer(): Promise<number> {
    for (;;) {
      const fresh = (await this.#renderers()).filter((pid) => !this.#taken.has(pid));
      // The page began as an empty one, whose process may not have ended yet.
      if (fresh.length === 1) return fresh[0]!;
    }
  }

  async #renderers(): Promise<number[]> {
    const session = await this.#living.target().createCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    await session.detach();
    return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  }
}

/** Resolves when no process of the group runs any more. */
async function gone(group: number): Promise<void> {
  while (await isRunning(group));
}

async function isRunning(group: number): Promise<boolean> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")));
  return stats.some((stat) => {
    const [state, , ofGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // One that ended and was not waited for holds nothing any more.
    return Number(ofGroup) === group && state !== "Z";
  });
}
