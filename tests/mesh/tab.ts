// One tab of a browser, as the proofs steer it.
import type { Browser, Page } from "puppeteer-core";
import type { Moment } from "./page/mesh.js";
import type { Site } from "./site.js";

/** Where the page lies: which build of it the site serves there. */
type Path = "" | "newer/";

export class Tab {
  private constructor(readonly page: Page) {}

  /** Opens the page of these proofs; `prepare` runs in it before its script. */
  static async open(
    browser: Browser,
    site: Site,
    prepare: () => void = () => {},
    path: Path = "",
  ): Promise<Tab> {
    const page = await browser.newPage();
    await page.evaluateOnNewDocument(prepare);
    await page.goto(site.address + path);
    return new Tab(page);
  }

  /** Opens a tab and waits until it has this role. */
  static async started(
    browser: Browser,
    site: Site,
    role: "leader" | "follower",
    prepare?: () => void,
    path?: Path,
  ): Promise<Tab> {
    const tab = await Tab.open(browser, site, prepare, path);
    await tab.page.evaluate(() => void window.mesh.start());
    await tab.is(role);
    return tab;
  }

  async is(role: "leader" | "follower"): Promise<void> {
    await this.page.evaluate((role) => window.mesh.until(() => window.mesh.role() === role), role);
  }

  async moments(): Promise<Moment[]> {
    return this.page.evaluate(() => window.mesh.moments);
  }

  /** What this tab learned to be done, in the order in which it learned it. */
  async settled(): Promise<string[]> {
    return this.page.evaluate(() => window.mesh.settled);
  }

  /** When this tab last became the leader. */
  async ledAt(): Promise<number> {
    await this.is("leader");
    const led = (await this.moments()).filter(({ what }) => what === "leader");
    return led.at(-1)!.at;
  }

  async send(...texts: string[]): Promise<void> {
    await this.page.evaluate((texts) => window.mesh.sendAll(texts), texts);
  }

  /** Nothing that this tab knows of is unfinished. */
  async isIdle(): Promise<void> {
    await this.page.evaluate(() => window.mesh.until(() => window.mesh.waiting() === 0));
  }

  /** This tab knows of so many unfinished operations. */
  async knows(waiting: number): Promise<void> {
    await this.page.evaluate((count) => window.mesh.until(() => window.mesh.waiting() === count), waiting);
  }

  /** Kills the renderer. */
  async crash(): Promise<void> {
    const session = await this.page.createCDPSession();
    const crashed = new Promise((resolve) => this.page.once("error", resolve));
    // It is never answered: its page is gone.
    session.send("Page.crash").catch(() => {});
    await crashed;
  }

  /** Freezes the page, or wakes it. */
  async setFrozen(frozen: boolean): Promise<void> {
    const session = await this.page.createCDPSession();
    await session.send("Page.setWebLifecycleState", { state: frozen ? "frozen" : "active" });
    await session.detach();
  }
}
