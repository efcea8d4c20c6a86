// The driver's book: what every tab said, and what was done to them.
import { EventEmitter, once } from "node:events";
import type { Durability } from "tabweave";
import { within } from "./bound.js";
import type { Word } from "./words.js";

/** An operation that a page said it had accepted. */
export interface Operation {
  readonly tab: number;
  readonly number: number;
  readonly scope: string;
  readonly atMs: number;
  /** What held it when the call returned. */
  readonly durability: Durability;
  /** It must not be lost any more. */
  isAcknowledged: boolean;
}

export interface Happening {
  readonly atMs: number;
  readonly text: string;
}

export class Register {
  /** By tab and number. */
  readonly #operations = new Map<string, Operation>();
  readonly #places = new Map<number, Extract<Word, { what: "place" }>>();
  /** Tabs that are in their last task. */
  readonly #dying = new Set<number>();
  /** Tabs that had no room for more. */
  readonly #full = new Set<number>();
  #timesFull = 0;
  /** What was done to the tabs, and what went wrong with them, in order. */
  readonly happenings: Happening[] = [];
  /** Operations that were refused, or came to another end than done: there should be none. */
  readonly failures: string[] = [];
  readonly #news = new EventEmitter().setMaxListeners(0);

  get operations(): Operation[] {
    return [...this.#operations.values()];
  }

  get acknowledged(): number {
    return this.operations.filter(({ isAcknowledged }) => isAcknowledged).length;
  }

  hear(tab: number, word: Word): void {
    if (word.what === "accepted") this.#accept(tab, word);
    else if (word.what === "acknowledged") this.#acknowledge(tab, word.number);
    else if (word.what === "place") this.#places.set(tab, word);
    else if (word.what === "full") this.#beFull(tab);
    else if (word.what === "diagnostic") this.note(`tab ${tab} reports ${word.why}`);
    else this.failures.push(`${nameOf(tab, word.number)} ${word.what}: ${word.why}`);
    this.#news.emit("news");
  }

  note(text: string): void {
    this.happenings.push({ atMs: Date.now(), text });
  }

  /** What is known of a tab, in words. */
  describe(tab: number): string {
    const own = this.operations.filter((it) => it.tab === tab);
    const { role, waiting } = this.#places.get(tab) ?? {};
    const acknowledged = own.filter(({ isAcknowledged }) => isAcknowledged).length;
    return `tab ${tab}: ${role}, ${waiting} wait, ${own.length} accepted, ${acknowledged} acknowledged`;
  }

  leads(tab: number): boolean {
    return this.#places.get(tab)?.role === "leader";
  }

  /** Resolves once so many more operations are acknowledged, or a tab has no room for more. */
  async untilAcknowledged(more: number): Promise<void> {
    const [enough, timesFull] = [this.acknowledged + more, this.#timesFull];
    const isMet = () => this.acknowledged >= enough || this.#timesFull > timesFull;
    await this.#until(`${more} more acknowledged operations`, isMet);
  }

  /** Resolves once one of these tabs knows that no more than so many operations wait. */
  async untilWaiting(max: number, tabs: readonly number[]): Promise<void> {
    const isMet = () =>
      tabs.some((tab) => (this.#places.get(tab)?.waiting ?? Number.POSITIVE_INFINITY) <= max);
    await this.#until(`an outbox of no more than ${max} operations`, isMet);
  }

  /** Resolves once a call in this tab was told to be in its journal, or it has no room for another call. */
  async untilOpen(tab: number): Promise<void> {
    const isMet = () =>
      this.operations.some((it) => it.tab === tab && it.durability === "indexeddb") || this.#full.has(tab);
    await this.#until(`an operation in the journal of tab ${tab}`, isMet);
  }

  /** Resolves once this tab said that it will die in the task in which it accepted an operation. */
  async untilDying(tab: number): Promise<void> {
    await this.#until(`the last word of tab ${tab}`, () => this.#dying.has(tab));
  }

  #accept(tab: number, word: Extract<Word, { what: "accepted" }>): void {
    const { number, scope, durability, death } = word;
    if (death !== undefined) this.#dying.add(tab);
    // Nobody will hear of it again, so what the call itself said counts.
    const isAcknowledged = death !== undefined && durability === "indexeddb";
    const atMs = Date.now();
    this.#operations.set(nameOf(tab, number), { tab, number, scope, atMs, durability, isAcknowledged });
  }

  #beFull(tab: number): void {
    this.#full.add(tab);
    this.#timesFull += 1;
  }

  #acknowledge(tab: number, number: number): void {
    const operation = this.#operations.get(nameOf(tab, number));
    if (operation === undefined)
      throw new Error(`${nameOf(tab, number)} was acknowledged and never accepted`);
    operation.isAcknowledged = true;
  }

  async #until(what: string, condition: () => boolean): Promise<void> {
    const stop = new AbortController();
    const met = async () => {
      while (!condition()) await once(this.#news, "news", { signal: stop.signal });
    };
    await within(what, met()).finally(() => stop.abort());
  }
}

export function nameOf(tab: number, number: number): string {
  return `operation ${number} of tab ${tab}`;
}
