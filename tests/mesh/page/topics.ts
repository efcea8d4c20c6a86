// What a tab publishes into two topics that all tabs share, a durable and an ephemeral one, and what it shows.
import type { DurableTopic, EphemeralTopic, TabweaveClient } from "tabweave";

/** Who wrote an entry, and as its how manieth. Each time it is shown it is an object of its own. */
interface Mark {
  readonly by: number;
  readonly at: number;
}

/** What each key shows, as text. */
export type Shown = Record<string, string>;

export type Kind = "durable" | "ephemeral";

const KEYS = 10;
const ENTRIES_EACH = 20;
const REMOVED_EVERY = 5;

export class Board {
  readonly #durable: DurableTopic<Mark>;
  readonly #ephemeral: EphemeralTopic<Mark>;
  /** Everything that was shown, in order: topic, key and entry. */
  readonly told: string[] = [];

  constructor(
    client: TabweaveClient,
    private readonly number: number,
  ) {
    this.#durable = client.topic("board", { durable: true });
    this.#ephemeral = client.topic("cursors", { durable: false });
    for (let at = 0; at < KEYS; at += 1) {
      for (const topic of [this.#durable, this.#ephemeral]) {
        const key = keyOf(at);
        topic.subscribe(() => {
          const mark = topic.get(key);
          if (mark !== undefined) this.told.push(`${topic.name} ${key} ${textOf(mark)}`);
        }, key);
      }
    }
  }

  /** Writes over and over into the keys that all others write into as well, and removes some. */
  async scribble(): Promise<void> {
    for (let at = 0; at < ENTRIES_EACH; at += 1) {
      const key = keyOf(this.number + at);
      this.#ephemeral.publish(key, { by: this.number, at });
      await this.#durable.publish(key, { by: this.number, at }).persisted;
      if (at % REMOVED_EVERY > 0) continue;
      this.#ephemeral.remove(keyOf(at));
      await this.#durable.remove(keyOf(at)).persisted;
    }
  }

  /** Removes one key, writes another one, and then one that nobody else writes: whoever sees it has seen all. */
  async finish(): Promise<void> {
    const last = { by: this.number, at: ENTRIES_EACH };
    for (const topic of [this.#durable, this.#ephemeral]) {
      topic.remove(keyOf(0));
      topic.publish(keyOf(1), last);
      topic.publish(`finished ${this.number}`, last);
    }
  }

  hasFinished(tabs: number): boolean {
    const numbers = Array.from({ length: tabs }, (_, number) => `finished ${number}`);
    return numbers.every(
      (key) => this.#durable.getSnapshot().has(key) && this.#ephemeral.getSnapshot().has(key),
    );
  }

  shown(kind: Kind): Shown {
    const topic = kind === "durable" ? this.#durable : this.#ephemeral;
    return Object.fromEntries([...topic.getSnapshot()].map(([key, mark]) => [key, textOf(mark)]).sort());
  }
}

function keyOf(number: number): string {
  return `key ${number % KEYS}`;
}

function textOf({ by, at }: Mark): string {
  return `${by}.${at}`;
}
