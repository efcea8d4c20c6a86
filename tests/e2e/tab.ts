// One tab at the campaign table, as a person (or a screen reader) finds it.
import { type BrowserContext, expect, type Locator, type Page } from "@playwright/test";
import type { Backend } from "./backend.js";
import { call, type IntentName, keepSettledOperations } from "./calls.js";
import type { Site } from "./site.js";

export type View = "dungeon-master" | "player";

export type Place = { site: Site; backend: Backend; campaign?: string; view?: View };

export class Tab {
  readonly page: Page;
  /** What went wrong in the page by its own account: console warnings, errors, policy violations. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(`uncaught: ${error.message}`));
    page.on("console", (message) => {
      if (["error", "warning", "assert"].includes(message.type())) this.complaints.push(message.text());
    });
  }

  /** Opens the table in a new tab and waits until the server's state is there and the tab has its role. */
  static async open(context: BrowserContext, place: Place): Promise<Tab> {
    const tab = new Tab(await context.newPage());
    await keepSettledOperations(tab.page);
    await tab.go(place);
    await tab.isConnected();
    return tab;
  }

  async go({ site, backend, campaign, view = "dungeon-master" }: Place): Promise<void> {
    const address = new URL(site.address);
    address.searchParams.set("backend", backend.address);
    address.searchParams.set("probe", "");
    address.searchParams.set("view", view);
    if (campaign !== undefined) address.searchParams.set("campaign", campaign);
    await this.page.goto(address.href);
    await this.isReady();
  }

  /** Scenes are shown, and the tab has found its place among the tabs. */
  async isReady(): Promise<void> {
    await expect(this.page.locator("article").first()).toBeVisible();
    await expect(this.fact("tab")).toHaveText(/Leader|Follower/);
  }

  async isConnected(): Promise<void> {
    await expect(this.fact("connection")).toHaveText("Connected");
    await expect(this.page.getByText("From your last visit.")).toHaveCount(0);
  }

  /** The worker that serves the page without network has all it needs, and serves this tab. */
  async isReadyForOffline(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (navigator.serviceWorker.controller) return;
      await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve));
    });
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.isReady();
  }

  /** The screen on which a person decides about an edit in conflict. */
  get resolver(): Locator {
    return this.page.locator(".tabweave-resolver");
  }

  scene(name: string): Locator {
    return this.page.getByRole("article", { name, exact: true });
  }

  /** A value of the bar at the bottom. */
  fact(name: "connection" | "waiting" | "refused" | "tab"): Locator {
    return this.page.locator(`[data-fact=${name}] dd`);
  }

  async ask(scene: string, status: "Planned" | "Live" | "Paused" | "Completed"): Promise<void> {
    await this.scene(scene).getByRole("button", { name: status, exact: true }).click();
  }

  async advanceTurn(scene: string): Promise<void> {
    await this.scene(scene)
      .getByRole("button", { name: /^Next turn/ })
      .click();
  }

  async writeNote(scene: string, note: string): Promise<void> {
    await this.scene(scene)
      .getByRole("button", { name: /^Edit note/ })
      .click();
    await this.scene(scene).getByRole("textbox", { name: /^Note/ }).fill(note);
    await this.scene(scene).getByRole("button", { name: "Save note" }).click();
  }

  async create(name: string, participants: string): Promise<void> {
    const form = this.page.getByRole("form", { name: "New interaction" });
    await form.getByLabel("Name").fill(name);
    await form.getByLabel("Who takes turns").fill(participants);
    await form.getByRole("button", { name: "Create interaction" }).click();
  }

  async shows(scene: string, status: "Planned" | "Live" | "Paused" | "Completed"): Promise<void> {
    await expect(this.scene(scene)).toHaveAttribute("data-status", status.toLowerCase());
  }

  async showsPending(scene: string): Promise<void> {
    await expect(this.scene(scene).getByText(/^Not yet confirmed/)).toBeVisible();
  }

  async showsConfirmed(scene: string): Promise<void> {
    await expect(this.scene(scene).getByText(/^Not yet confirmed/)).toHaveCount(0);
  }

  async waits(operations: number): Promise<void> {
    await expect(this.fact("waiting")).toHaveText(String(operations));
  }

  /** The scene's id, which operations name. */
  async idOf(scene: string): Promise<string> {
    const id = await this.scene(scene).getAttribute("data-scene");
    if (id === null) throw new Error(`"${scene}" is not on the page.`);
    return id;
  }

  /** Calls an operation and returns its id as soon as it will outlive the page. */
  async call(name: IntentName, args: Record<string, unknown>): Promise<string> {
    return await call(this.page, name, args);
  }

  /** Calls an operation and never gives the task back: the renderer dies in it. */
  async callAndCrashInTheSameTask(name: IntentName, args: Record<string, unknown>): Promise<void> {
    await this.crashInTheTask(`client.mutate(operations[${JSON.stringify(name)}], ${JSON.stringify(args)});`);
  }

  /** Does what the script says with `client` and `operations`; the renderer dies in the same task. */
  async crashInTheTask(script: string): Promise<void> {
    const crashed = this.page.waitForEvent("crash");
    const devtools = await this.page.context().newCDPSession(this.page);
    const called = new Promise((resolve) => devtools.once("Runtime.bindingCalled", resolve));
    await devtools.send("Runtime.enable");
    await devtools.send("Runtime.addBinding", { name: "called" });
    const source = `{
      const { client, operations } = window.tabweaveDemo;
      ${script}
      called("");
      for (;;);
    }`;
    // Neither of the two is ever answered: their page is gone.
    devtools.send("Runtime.evaluate", { expression: source }).catch(() => {});
    await called;
    devtools.send("Page.crash").catch(() => {});
    await crashed;
  }
}
