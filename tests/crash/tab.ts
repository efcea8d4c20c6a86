// One page, the process behind it, and how it is steered.
import type { Page } from "puppeteer-core";
import type { BatchKind, Point } from "../mesh/page/batch.js";
import { within } from "./bound.js";
import type { Death } from "./words.js";

const ANSWER_MS = 20_000;

export class Tab {
  constructor(
    /** Given once in a run: a page that is opened in the place of a killed one has another. */
    readonly number: number,
    readonly page: Page,
    readonly pid: number,
  ) {}

  /** Resolves when the process is dead and the browser has noticed. */
  async kill(): Promise<void> {
    const crashed = new Promise((resolve) => this.page.once("error", resolve));
    process.kill(this.pid, "SIGKILL");
    await within(`the browser to notice that tab ${this.number} is dead`, crashed);
    await within(`dead tab ${this.number} to close`, this.page.close());
  }

  /** Accepts an operation in the task of a click, which never ends. */
  dieInClick(death: Death): void {
    // Nobody will answer.
    this.page.evaluate((death) => window.crash.dieInClick(death), death).catch(() => {});
  }

  async stopIn(kind: BatchKind, point: Point): Promise<void> {
    await this.page.evaluate((kind, point) => window.crash.stopIn(kind, point), kind, point);
  }

  /** What it knows to be left to do, in words. */
  async unfinished(): Promise<string[]> {
    return await this.#ask(() => window.crash.unfinished());
  }

  async isIdle(): Promise<boolean> {
    return await this.#ask(() => window.crash.isIdle());
  }

  async #ask<T>(question: () => T | Promise<T>): Promise<T> {
    return (await within(`an answer of tab ${this.number}`, this.page.evaluate(question), ANSWER_MS)) as T;
  }
}
