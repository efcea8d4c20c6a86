// Everything that takes part: backend, relay, origin, browser and three tabs.
import { Chromium } from "./chromium.js";
import { Ledger } from "./ledger.js";
import { TABS } from "./plan.js";
import { Register } from "./register.js";
import { Relay } from "./relay.js";
import { Site } from "./site.js";
import { Tab } from "./tab.js";

export interface StageOptions {
  /** Whether the pages are broken in a way that the proof must notice. */
  readonly isPlanted: boolean;
}

export class Stage {
  readonly tabs: Tab[] = [];
  #opened = 0;

  private constructor(
    readonly register: Register,
    readonly ledger: Ledger,
    readonly relay: Relay,
    readonly site: Site,
    readonly chromium: Chromium,
    private readonly options: StageOptions,
  ) {}

  static async open(options: StageOptions): Promise<Stage> {
    const register = new Register();
    const ledger = await Ledger.open();
    const relay = await Relay.open(ledger.backend.address);
    const site = await Site.open(register);
    return new Stage(register, ledger, relay, site, await Chromium.open(), options);
  }

  /** Fills the places of all tabs with new ones. */
  async openTabs(): Promise<void> {
    for (let place = 0; place < TABS; place += 1) await this.openTab(place);
  }

  async openTab(place: number): Promise<void> {
    this.tabs[place] = await this.#newTab();
  }

  /** A tab that adds nothing, and only sees the others' work through. */
  async openQuietTab(): Promise<Tab> {
    return await this.#newTab({ quiet: "" });
  }

  /** Kills the browser with all tabs, and starts it on what is left of the profile. */
  async restartBrowser(): Promise<void> {
    await this.chromium.kill();
    this.tabs.length = 0;
    await this.chromium.start();
  }

  async close(): Promise<void> {
    await this.chromium.close();
    await this.site.close();
    await this.relay.close();
    await this.ledger.close();
  }

  async #newTab(also: Record<string, string> = {}): Promise<Tab> {
    this.#opened += 1;
    const fields = {
      tab: String(this.#opened),
      deployment: this.relay.address,
      ...(this.options.isPlanted && { planted: "" }),
      ...also,
    };
    const { page, pid } = await this.chromium.newPage(`${this.site.address}?${new URLSearchParams(fields)}`);
    this.register.note(`tab ${this.#opened} opened`);
    return new Tab(this.#opened, page, pid);
  }
}
